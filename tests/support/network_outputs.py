"""Outputs of systems' network tools as they look in the field: languages, versions, damage."""

from __future__ import annotations

IPCONFIG_ES = """
Configuración IP de Windows

   Nombre de host. . . . . . . . . : TECNICO-07
   Sufijo DNS principal  . . . . . :
   Tipo de nodo. . . . . . . . . . : híbrido
   Enrutamiento IP habilitado. . . : no

Adaptador de Ethernet Ethernet:

   Sufijo DNS específico para la conexión. . : lan
   Descripción . . . . . . . . . . . . . . . : Realtek PCIe GbE Family Controller
   Dirección física. . . . . . . . . . . . . : 00-1A-2B-3C-4D-5E
   DHCP habilitado . . . . . . . . . . . . . : sí
   Configuración automática habilitada . . . : sí
   Dirección IPv6 . . . . . . . . . . : 2001:db8:37:2::7e33(Preferido)
   Dirección IPv6 temporal. . . . . . : 2001:db8:37:2::ee99(Preferido)
   Vínculo: dirección IPv6 local. . . : fe80::2556:9357:93e5:7e33%6(Preferido)
   Dirección IPv4. . . . . . . . . . . . . . : 192.168.10.37(Preferido)
   Máscara de subred . . . . . . . . . . . . : 255.255.255.0
   Concesión obtenida. . . . . . . . . . . . : lunes, 5 de octubre de 2026 8:02:11
   La concesión expira . . . . . . . . . . . : martes, 6 de octubre de 2026 8:02:11
   Puerta de enlace predeterminada . . . . . : fe80::1%6
                                       192.168.10.1
   Servidor DHCP . . . . . . . . . . . . . . : 192.168.10.2
   IAID DHCPv6 . . . . . . . . . . . . . . . : 351866565
   DUID de cliente DHCPv6. . . . . . . . . . : 00-01-00-01-2A-15-C3-11-1C-D3-05-F1-58-E1
   Servidores DNS. . . . . . . . . . . . . . : 192.168.10.1
                                       203.0.113.53
   NetBIOS sobre TCP/IP. . . . . . . . . . . : habilitado

Adaptador de LAN inalámbrica Wi-Fi:

   Estado de los medios. . . . . . . . . . . : medios desconectados
   Sufijo DNS específico para la conexión. . :
   Descripción . . . . . . . . . . . . . . . : Intel(R) Wi-Fi 6 AX201
   DHCP habilitado . . . . . . . . . . . . . : sí
"""

IPCONFIG_DUPLICATE_ES = """
Configuración IP de Windows

Adaptador de Ethernet Conexión de área local:

   DHCP habilitado . . . . . . . . . . . . . : no
   Dirección IPv4. . . . . . . . . . . . . . : 192.168.10.37(Duplicado)
   Máscara de subred . . . . . . . . . . . . : 255.255.255.0
   Dirección IPv4 de configuración automática: 169.254.12.7(Preferido)
   Máscara de subred . . . . . . . . . . . . : 255.255.0.0
   Puerta de enlace predeterminada . . . . . : 192.168.10.1
"""

IPCONFIG_APIPA_EN = """
Windows IP Configuration

Ethernet adapter Local Area Connection:

   Connection-specific DNS Suffix  . :
   DHCP Enabled. . . . . . . . . . . : Yes
   Autoconfiguration IPv4 Address. . : 169.254.7.8(Preferred)
   Subnet Mask . . . . . . . . . . . : 255.255.0.0
   Default Gateway . . . . . . . . . :
"""

IPCONFIG_XP_EN = """
Windows IP Configuration

Ethernet adapter Local Area Connection:

        Connection-specific DNS Suffix  . : lan
        Description . . . . . . . . . . . : VMware Accelerated AMD PCNet Adapter
        Dhcp Enabled. . . . . . . . . . . : Yes
        IP Address. . . . . . . . . . . . : 192.168.56.131
        Subnet Mask . . . . . . . . . . . : 255.255.255.0
        Default Gateway . . . . . . . . . : 192.168.56.2
        DHCP Server . . . . . . . . . . . : 192.168.56.254
        DNS Servers . . . . . . . . . . . : 192.168.56.2
                                            192.168.56.3
        Lease Obtained. . . . . . . . . . : Monday, March 30, 2020 8:21:36 PM
        Lease Expires . . . . . . . . . . : Monday, March 30, 2020 8:51:36 PM
"""

IPCONFIG_DE = """
Windows-IP-Konfiguration

Ethernet-Adapter LAN-Verbindung:

   Verbindungsspezifisches DNS-Suffix: fritz.box
   Beschreibung. . . . . . . . . . . : Atheros AR8131 PCI-E Gigabit Ethernet Con
troller
   Physikalische Adresse . . . . . . : 00-24-BE-5E-BC-49
   DHCP aktiviert. . . . . . . . . . : Ja
   Verbindungslokale IPv6-Adresse  . : fe80::fd77:97e7:2cbf:cb38%12(Bevorzugt)
   IPv4-Adresse  . . . . . . . . . . : 192.0.2.19(Bevorzugt)
   Subnetzmaske  . . . . . . . . . . : 255.255.255.128
   Lease erhalten. . . . . . . . . . : Sonntag, 1. März 2015 19:43:13
   Lease läuft ab. . . . . . . . . . : Montag, 2. März 2015 19:43:12
   Standardgateway . . . . . . . . . : 192.0.2.1
   DHCP-Server . . . . . . . . . . . : 198.51.100.24
   DHCPv6-Client-DUID. . . . . . . . : 00-01-00-01-13-9E-B7-46-00-24-BE-5E-BC-49

   DNS-Server  . . . . . . . . . . . : 203.0.113.2
                                       203.0.113.3
   NetBIOS über TCP/IP . . . . . . . : Aktiviert
"""

IPCONFIG_FR = """
Configuration IP de Windows

Carte réseau sans fil Wi-Fi :

   Suffixe DNS propre à la connexion. . . : home
   DHCP activé. . . . . . . . . . . . . . : Oui
   Adresse IPv6 de liaison locale. . . . .: fe80::c6c5:dded:9b7:bd83%12(préféré)
   Adresse IPv4. . . . . . . . . . . . . .: 10.33.77.163(préféré)
   Masque de sous-réseau. . . . . . . . . : 255.255.240.0
   Bail obtenu. . . . . . . . . . . . . . : lundi 5 octobre 2026 08:02:11
   Bail expirant. . . . . . . . . . . . . : mardi 6 octobre 2026 08:02:11
   Passerelle par défaut. . . . . . . . . : 10.33.79.254
   Serveur DHCP . . . . . . . . . . . . . : 10.33.79.254
   Serveurs DNS. . .  . . . . . . . . . . : 8.8.8.8
                                       1.1.1.1
"""

IPCONFIG_ZH = """
Windows IP 配置

以太网适配器 以太网:

   连接特定的 DNS 后缀 . . . . . . . : lan
   描述. . . . . . . . . . . . . . . : Realtek PCIe GbE Family Controller
   物理地址. . . . . . . . . . . . . : 00-1A-2B-3C-4D-5E
   DHCP 已启用 . . . . . . . . . . . : 是
   本地链接 IPv6 地址. . . . . . . . : fe80::1234%11(首选)
   IPv4 地址 . . . . . . . . . . . . : 192.168.3.20(首选)
   子网掩码  . . . . . . . . . . . . : 255.255.255.0
   获得租约的时间  . . . . . . . . . : 2026年10月5日 8:02:11
   租约过期的时间  . . . . . . . . . : 2026年10月6日 8:02:11
   默认网关. . . . . . . . . . . . . : 192.168.3.1
   DHCP 服务器 . . . . . . . . . . . : 192.168.3.2
   DNS 服务器  . . . . . . . . . . . : 192.168.3.1
   TCPIP 上的 NetBIOS  . . . . . . . : 已启用
"""

IP_ADDRESS = (
    '[{"ifindex":2,"ifname":"enp3s0","flags":["BROADCAST","UP","LOWER_UP"],"mtu":1500,'
    '"operstate":"UP","address":"00:1a:2b:3c:4d:5e","addr_info":['
    '{"family":"inet","local":"192.168.10.37","prefixlen":24,"scope":"global","dynamic":true,'
    '"noprefixroute":true,"label":"enp3s0","valid_life_time":85000},'
    '{"family":"inet6","local":"fe80::1","prefixlen":64,"scope":"link"}]}]\n'
)
IP_ADDRESS_DADFAILED = IP_ADDRESS.replace('"scope":"link"', '"scope":"link","dadfailed":true')
IP_ROUTE = (
    '[{"dst":"default","gateway":"192.168.10.9","dev":"enp3s0","protocol":"static","metric":600},'
    '{"dst":"default","gateway":"192.168.10.1","dev":"enp3s0","protocol":"dhcp","metric":100},'
    '{"dst":"default","gateway":"10.8.0.1","dev":"tun0","metric":50},'
    '{"dst":"192.168.10.0/24","dev":"enp3s0","protocol":"kernel"}]\n'
)
NMCLI = r"""GENERAL.DEVICE:enp3s0
GENERAL.TYPE:ethernet
GENERAL.HWADDR:00\:1A\:2B\:3C\:4D\:5E
GENERAL.STATE:100 (connected)
IP4.ADDRESS[1]:192.168.10.37/24
IP4.GATEWAY:192.168.10.1
IP4.DNS[1]:192.168.10.1
IP4.DNS[2]:203.0.113.53
IP4.DOMAIN[1]:lan
DHCP4.OPTION[1]:dhcp_lease_time = 86400
DHCP4.OPTION[2]:dhcp_server_identifier = 192.168.10.2
DHCP4.OPTION[3]:domain_name_servers = 192.168.10.1 203.0.113.53
DHCP4.OPTION[4]:expiry = 1791273731
DHCP4.OPTION[5]:ip_address = 192.168.10.37
DHCP4.OPTION[6]:requested_routers = 1
DHCP4.OPTION[7]:routers = 192.168.10.1
IP6.ADDRESS[1]:fe80\:\:1/64
IP6.GATEWAY:
"""
GETPACKET = """op = BOOTREPLY
htype = 1
xid = 0xceb36b13
ciaddr = 0.0.0.0
yiaddr = 192.168.2.51
siaddr = 0.0.0.0
chaddr = ac:bc:32:ce:d3:f5
options:
Options count is 7
dhcp_message_type (uint8): ACK 0x5
server_identifier (ip): 192.168.2.2
lease_time (uint32): 0x15180
subnet_mask (ip): 255.255.255.0
router (ip_mult): {192.168.2.1}
domain_name_server (ip_mult): {192.168.2.1, 203.0.113.53}
domain_name (string): lan
end (none):
"""
IFCONFIG = """en0: flags=8863<UP,BROADCAST,SMART,RUNNING,SIMPLEX,MULTICAST> mtu 1500
\tether ac:bc:32:ce:d3:f5
\tinet6 fe80::1c3e:aaaa:bbbb:cccc%en0 prefixlen 64 secured scopeid 0x6
\tinet 192.168.2.51 netmask 0xffffff00 broadcast 192.168.2.255
\tstatus: active
"""
SCUTIL = """DNS configuration

resolver #1
  search domain[0] : vpn.example
  nameserver[0] : 10.8.0.1
  if_index : 14 (utun2)
  flags    : Request A records

DNS configuration (for scoped queries)

resolver #1
  search domain[0] : lan
  nameserver[0] : 192.168.2.1
  nameserver[1] : 203.0.113.53
  if_index : 6 (en0)
  flags    : Scoped, Request A records
"""
ARP_ES = """
Interfaz: 192.168.10.37 --- 0x6
  Dirección de Internet          Dirección física      Tipo
  192.168.10.1          aa-bb-cc-dd-ee-01     dinámico
  192.168.10.255        ff-ff-ff-ff-ff-ff     estático

Interfaz: 10.8.0.2 --- 0xb
  Dirección de Internet          Dirección física      Tipo
  10.8.0.1              aa-bb-cc-dd-ee-02     dinámico
"""

PING_LINUX = """PING 192.168.10.1 (192.168.10.1) 56(84) bytes of data.
64 bytes from 192.168.10.1: icmp_seq=1 ttl=64 time=0.035 ms
64 bytes from 192.168.10.1: icmp_seq=2 ttl=64 time=1.5 ms
64 bytes from 192.168.10.1: icmp_seq=2 ttl=64 time=1.9 ms (DUP!)
From 192.168.10.37 icmp_seq=3 Destination Host Unreachable
64 bytes from 192.168.10.1: icmp_seq=5 ttl=64 time=3.25 ms

--- 192.168.10.1 ping statistics ---
5 packets transmitted, 3 received, +1 duplicates, +1 errors, 40% packet loss, time 802ms
rtt min/avg/max/mdev = 0.035/1.595/3.250/1.314 ms
"""
PING_MACOS = """PING 192.168.10.1 (192.168.10.1): 56 data bytes
64 bytes from 192.168.10.1: icmp_seq=0 ttl=64 time=1.234 ms
Request timeout for icmp_seq 1
64 bytes from 192.168.10.1: icmp_seq=2 ttl=64 time=2.345 ms

--- 192.168.10.1 ping statistics ---
3 packets transmitted, 2 packets received, 33.3% packet loss
round-trip min/avg/max/stddev = 1.234/1.790/2.345/0.556 ms
"""
PING_ES = """
Haciendo ping a 192.168.10.1 con 32 bytes de datos:
Respuesta desde 192.168.10.1: bytes=32 tiempo<1m TTL=64
Tiempo de espera agotado para esta solicitud.
Respuesta desde 192.168.10.37: Host de destino inaccesible.
Respuesta desde 192.168.10.1: bytes=32 tiempo=12ms TTL=64

Estadísticas de ping para 192.168.10.1:
    Paquetes: enviados = 4, recibidos = 3, perdidos = 1
    (25% perdidos),
Tiempos aproximados de ida y vuelta en milisegundos:
    Mínimo = 0ms, Máximo = 12ms, Media = 6ms
"""
TRACERT_ES = """
Traza a 203.0.113.9 sobre caminos de 3 saltos como máximo.

  1     1 ms    <1 ms    <1 ms  192.168.10.1\x20
  2     *        *        *     Tiempo de espera agotado para esta solicitud.
  3     9 ms     8 ms     8 ms  100.64.0.1\x20

Traza completa.
"""
