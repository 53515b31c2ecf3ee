"""Outputs of WiFi tools as they are seen in the field."""

from __future__ import annotations

WINDOWS_11_EN = """
There is 1 interface on the system:

    Name                   : Wi-Fi
    Description            : Intel(R) Wi-Fi 6E AX211 160MHz
    GUID                   : 0f3b8d52-5a0e-4f0e-9d5c-3b1f6c2a7e11
    Physical address       : 02:00:00:00:00:10
    Interface type         : Primary
    State                  : connected
    SSID                   : Taller : planta 2
    AP BSSID               : 02:00:00:00:00:a1
         Colocated APs:    : 1
            BSSID: 02:00:00:00:00:a9,  Band: 2.4 GHz,  Channel: 6
    Band                   : 5 GHz
    Channel                : 36
    Connected Akm-cipher   : [ akm = 00-0f-ac:08, cipher =  00-0f-ac:04 ]
    Network type           : Infrastructure
    Radio type             : 802.11ax
    Authentication         : WPA3-Personal  (H2E)
    Cipher                 : CCMP
    Connection mode        : Auto Connect
    Receive rate (Mbps)    : 1201
    Transmit rate (Mbps)   : 960.8
    Signal                 : 84%
    Rssi                   : -57
    Profile                : Taller
    QoS MSCS Configured         : 0
    QoS Map Configured          : 0
    QoS Map Allowed by Policy   : 0

"""

WINDOWS_10_ES = """
Hay 1 interfaz en el sistema:

    Nombre                   : Wi-Fi
    Descripción            : Realtek RTL8821CE 802.11ac PCIe Adapter
    GUID                   : 5d1e6d53-1c3e-4c7b-8f05-7d1d1f8f1a22
    Dirección física       : 02:00:00:00:00:20
    Estado                  : conectado
    SSID                   : Casa García
    BSSID                  : 02:00:00:00:00:b1
    Tipo de red           : Infraestructura
    Tipo de radio             : 802.11n
    Autenticación         : WPA2-Personal
    Cifrado                 : CCMP
    Modo de conexión        : Perfil
    Canal                : 11
    Velocidad de recepción (Mbps)   : 144,4
    Velocidad de transmisión (Mbps)  : 72,2
    Señal                 : 68%
    Perfil                : Casa García

"""

WINDOWS_10_ES_OPEN = WINDOWS_10_ES.replace("WPA2-Personal", "Abierta").replace("CCMP", "Ninguna")

WINDOWS_10_ES_MISREAD = WINDOWS_10_ES.encode("cp850", "replace").decode("latin-1")
"""``Se¤al``, ``Autenticaci¢n``: page 850 read as 1252."""

DISCONNECTED_ES = """
Hay 1 interfaz en el sistema:

    Nombre                   : Wi-Fi
    Descripción            : Realtek RTL8821CE 802.11ac PCIe Adapter
    GUID                   : 5d1e6d53-1c3e-4c7b-8f05-7d1d1f8f1a22
    Dirección física       : 02:00:00:00:00:20
    Estado                  : desconectado
    Estado de radio             : Hardware activado
                             Software activado

    Estado de la red hospedada  : No disponible
"""

RADIO_OFF_ES = DISCONNECTED_ES.replace("Software activado", "Software desactivado")

WINDOWS_10_DE = """
Es ist 1 Schnittstelle auf dem System vorhanden:

    Name                   : WLAN
    Beschreibung            : Intel(R) Dual Band Wireless-AC 8265
    GUID                   : 7b0a4f7d-6c11-4f57-bb9f-0c5a0d5d9a33
    Physische Adresse       : 02:00:00:00:00:30
    Status                  : Verbunden
    SSID                   : Büro
    AP BSSID               : 02:00:00:00:00:c1
    Bereich                   : 2,4 GHz
    Kanal                : 13
    Netzwerktyp            : Infrastruktur
    Funktyp                   : 802.11n
    Authentifizierung   : WPA2-Enterprise
    Verschlüsselungsverfahren                 : CCMP
    Verbindungsmodus        : Automat. Verbindung
    Empfangsrate (MBit/s)  : 866,7
    Übertragungsrate (MBit/s) : 780
    Signal              : 99%
    Profil                 : Büro

    Status des gehosteten Netzwerks  : Nicht verfügbar
"""

WINDOWS_11_FR = """
Il existe 1 interface sur le système :

    Nom                   : Wi-Fi
    Description            : Intel(R) Wi-Fi 6 AX201 160MHz
    GUID                   : 91d6f5aa-9a5e-4f67-8a3e-5d1b62f6aa44
    Adresse physique       : 02:00:00:00:00:40
    Type d’interface         : Primaire
    État                  : connecté
    SSID                  : Chez nous
       Point d'accès d’identificateur SSID (Service Set Identifier)    : 02:00:00:00:00:d1
    Bande                   : 5 GHz
    Canal                : 144
    Type de réseau           : Infrastructure
    Type de radio             : 802.11ax
    Authentification         : WPA2 - Personnel
    Chiffrement                 : CCMP
    Mode de connexion        : Connexion automatique
    Réception (Mbits/s)    : 310
    Transmission (Mbits/s)   : 413,5
    Signal                 : 65%
    Profil                : Chez nous

    État du réseau hébergé : Non disponible
"""

WINDOWS_10_PT = """
Há 1 interface no sistema:

    Nome                   : Wi-Fi
    Descrição            : Intel(R) Wireless-AC 9560
    GUID                   : 2b7c9f1d-8a40-4c4c-9a63-61c1b7a0bb55
    Endereço físico       : 02:00:00:00:00:50
    Estado                  : conectado
    SSID                   : Padaria
    BSSID                  : 02:00:00:00:00:e1
    Tipo de rede           : Infraestrutura
    Tipo de rádio           : 802.11ac
    Autenticação         : WPA-Personal
    Codificação            : TKIP
    Modo de conexão        : Perfil
    Canal                  : 44
    Taxa de recepção (Mbps)  : 54
    Taxa de transmissão (Mbps) : 54
    Sinal                  : 40%
    Perfil                 : Padaria
"""

WINDOWS_10_IT = """
Interfacce presenti nel sistema: 1:

    Nome                   : Wi-Fi
    Descrizione            : Intel(R) Wi-Fi 6 AX201 160MHz
    GUID                   : 61c8d2f0-6b0b-4b9f-9b2c-7c0f5dd1cc66
    Indirizzo fisico       : 02:00:00:00:00:60
    Stato                  : connessa
    SSID                   : Officina
    BSSID                  : 02:00:00:00:00:f1
    Tipo di rete           : Infrastruttura
    Tipo frequenza radio   : 802.11n
    Autenticazione         : Aperta
    Crittografia           : WEP
    Modalità connessione   : Profilo
    Canale                 : 4
    Velocità ricezione (Mbps)  : 130
    Velocità trasmissione (Mbps) : 130
    Segnale                : 85%
    Profilo                : Officina
"""

WINDOWS_11_ZH = """
系统上有 1 个接口:

    名称                   : WLAN
    说明            : Intel(R) Wi-Fi 6 AX201 160MHz
    GUID                   : a3a51a0c-9ab0-4f8e-9f33-0e0d4f4add77
    物理地址       : 02:00:00:00:00:70
    界面类型         : 主要
    状态                  : 已连接
    SSID                   : 办公室
    AP BSSID               : 02:00:00:00:00:71
    波段                   : 5 GHz
    通道                : 157
    网络类型               : 结构
    无线电类型             : 802.11ac
    身份验证               : WPA2 - 个人
    密码                 : CCMP
    连接模式        : 自动连接
    接收速率(Mbps)         : 390
    传输速率 (Mbps)        : 260
    信号                   : 80%
    Rssi                   : -64
    配置文件               : 办公室
"""

WINDOWS_11_ZH_OPEN = (
    WINDOWS_11_ZH.replace("WPA2 - 个人", "开放式")
    .replace("CCMP", "无")
    .replace("办公室", "WPA2-Personal")
)
"""An open network whose name and profile look like security, in a language nobody listed."""

WINDOWS_10_PL = """
W systemie istnieje 1 interfejs:

    Nazwa                   : Wi-Fi
    Opis            : Qualcomm Atheros QCA9377
    GUID                   : c1f4a2be-7d5c-4a8b-8c8e-2a5d0b9aee88
    Adres fizyczny       : 02:00:00:00:00:80
    Stan                  : Połączono
    SSID                   : Biuro
    BSSID                  : 02:00:00:00:00:81
    Typ sieci           : Infrastruktura
    Typ radia             : 802.11n
    Uwierzytelnianie         : WPA2-Personal
    Szyfrowanie                 : CCMP
    Tryb połączenia        : Profil
    Kanał                : 6
    Szybkość odbierania (Mb/s)   : 72.2
    Szybkość transmisji (Mb/s)  : 65
    Sygnał                 : 70%
    Profil                : Biuro
"""

TWO_INTERFACES_EN = """
There are 2 interfaces on the system:

    Name                   : WLAN
    Description            : Intel(R) Wi-Fi 6 AX201 160MHz
    GUID                   : 62357492-80e3-4fd6-8e64-b9b4fcf09a79
    Physical address       : 02:00:00:00:00:90
    State                  : disconnected
    Radio status           : Hardware On
                             Software On

    Name                   : WLAN 2
    Description            : MediaTek Wi-Fi 6/6E Wireless USB LAN Card
    GUID                   : f59e16c6-253e-4d59-99be-afe5e5048032
    Physical address       : 02:00:00:00:00:91
    State                  : connected
    SSID                   : State : disconnected
    BSSID                  : 02:00:00:00:00:92
    Network type           : Infrastructure
    Radio type             : 802.11ac
    Authentication         : WPA2-Personal
    Cipher                 : CCMP
    Connection mode        : Profile
    Channel                : 149
    Receive rate (Mbps)    : 433.3
    Transmit rate (Mbps)   : 390
    Signal                 : 55%
    Profile                : Channel : 3
"""

LOCATION_EN = """
There is 1 interface on the system:
Network shell commands need location permission to access WLAN information. Turn on Location
services on the Location page in Privacy & security settings.

Here is the URI for the Location page in the Settings app:
ms-settings:privacy-location

Function WlanQueryInterface returns error 5:
The requested operation requires elevation (Run as administrator).
"""

LOCATION_ES = """
Los comandos de shell de red necesitan permiso de ubicación para acceder a la información de WLAN.

La función WlanQueryInterface devuelve el error 5:
La operación solicitada requiere elevación (Ejecutar como administrador).
"""

NETWORKS_ES = """
Nombre de interfaz : Wi-Fi
Actualmente hay 3 redes visibles.

SSID 1 : Casa García
    Tipo de red             : Infraestructura
    Autenticación           : WPA2-Personal
    Cifrado                 : CCMP
    BSSID 1                 : 02:00:00:00:00:b1
         Señal             : 68%
         Tipo de radio         : 802.11n
         Canal            : 11
         Velocidades básicas (Mbps): 1 2 5.5 11
    BSSID 2                 : 02:00:00:00:00:b2
         Señal             : 30%
         Tipo de radio         : 802.11ac
         Canal            : 44

SSID 2 : WPA2-Personal
    Tipo de red             : Infraestructura
    Autenticación           : Abierta
    Cifrado                 : Ninguna
    BSSID 1                 : 02:00:00:00:00:b3
         Señal             : 50%
         Tipo de radio         : 802.11n
         Canal            : 11
         Velocidades básicas (Mbps): 1 2
    BSSID 2                 : 02:00:00:00:00:b4
         Señal             : 20%
         Tipo de radio         : 802.11n
         Canal            : 6

SSID 3 :
    Tipo de red             : Infraestructura
    Autenticación           : WPA3-Personal
    Cifrado                 : CCMP
    BSSID 1                 : 02:00:00:00:00:b5
         Señal             : 12%
         Tipo de radio         : 802.11ax
         Banda               : 6 GHz
         Canal            : 37
"""

NETWORKS_ZH = """
接口名称 : WLAN
当前有 2 个网络可见。

SSID 1 : 办公室
    网络类型              : 结构
    身份验证              : WPA2 - 个人
    加密                  : CCMP
    BSSID 1               : 02:00:00:00:00:71
         信号               : 80%
         无线电类型         : 802.11ac
         波段               : 5 GHz
         通道               : 157
    BSSID 2               : 02:00:00:00:00:72
         信号               : 33%
         无线电类型         : 802.11n
         通道               : 6

SSID 2 : 客人
    网络类型              : 结构
    身份验证              : 开放式
    加密                  : 无
    BSSID 1               : 02:00:00:00:00:73
         信号               : 41%
         无线电类型         : 802.11n
         波段               : 2.4 GHz
         通道               : 1
"""

IW_LINK = """Connected to 02:00:00:00:01:01 (on wlan0)
\tSSID: caf\\xc3\\xa9 : bar
\tfreq: 5180.0
\tRX: 2312334 bytes (12041 packets)
\tTX: 311121 bytes (2001 packets)
\tsignal: -61 dBm
\trx bitrate: 585.1 MBit/s VHT-MCS 7 80MHz VHT-NSS 2
\ttx bitrate: 650.0 MBit/s VHT-MCS 7 80MHz short GI VHT-NSS 2

\tbss flags:\tshort-slot-time
"""

IW_STATION = """Station 02:00:00:00:01:01 (on wlan0)
\tinactive time:\t304 ms
\trx bytes:\t18816
\tsignal:  \t-61 [-64, -63] dBm
\tsignal avg:\t-60 [-63, -62] dBm
\ttx bitrate:\t650.0 MBit/s VHT-MCS 7 80MHz short GI VHT-NSS 2
\trx bitrate:\t585.1 MBit/s VHT-MCS 7 80MHz VHT-NSS 2
\tauthorized:\tyes
"""

IW_SURVEY = """Survey data from wlan0
\tfrequency:\t\t\t2412 MHz
\tnoise:\t\t\t\t-88 dBm
Survey data from wlan0
\tfrequency:\t\t\t5180 MHz [in use]
\tnoise:\t\t\t\t-95 dBm
\tchannel active time:\t\t132 ms
"""

IW_INFO = """Interface wlan0
\tifindex 3
\twdev 0x1
\taddr 02:00:00:00:01:00
\tssid caf\\xc3\\xa9 : bar
\ttype managed
\twiphy 0
\tchannel 36 (5180 MHz), width: 80 MHz, center1: 5210 MHz
\ttxpower 20.00 dBm
"""

NMCLI = r"""// asked for by hand
*:02\:00\:00\:00\:01\:01:café \: bar:36:5180 MHz:540 Mbit/s:64:WPA2 WPA3:wlan0
 :02\:00\:00\:00\:01\:02:c\\d:36:5180 MHz:540 Mbit/s:50:WPA1 WPA2:wlan0
 :02\:00\:00\:00\:01\:03:Libre:1:2412 MHz:130 Mbit/s:40::wlan0
 :02\:00\:00\:00\:01\:04:Guest:37:6135 MHz:540 Mbit/s:31:OWE:wlan0
 :02\:00\:00\:00\:01\:05:Corp:11:2462 MHz:130 Mbit/s:22:WPA2 802.1X:wlan1
"""
