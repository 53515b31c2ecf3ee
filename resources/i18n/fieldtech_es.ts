<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="es" sourcelanguage="en">
<context>
    <name>ActionsBar</name>
    <message>
        <source>Choice</source>
        <translation>Opción</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Motivo</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Guardar</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Volver</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Más</translation>
    </message>
    <message>
        <source>Evidence</source>
        <translation>Evidencia</translation>
    </message>
    <message>
        <source>Users affected</source>
        <translation>Usuarios afectados</translation>
    </message>
    <message>
        <source>Change the severity</source>
        <translation>Cambiar la severidad</translation>
    </message>
    <message>
        <source>Record a pause (the clock goes on)</source>
        <translation>Registrar pausa (el reloj sigue)</translation>
    </message>
    <message>
        <source>By a new count of users</source>
        <translation>Por un nuevo conteo de usuarios</translation>
    </message>
</context>
<context>
    <name>AgendaView</name>
    <message>
        <source>My visits</source>
        <translation>Mis visitas</translation>
    </message>
    <message>
        <source>Map</source>
        <translation>Mapa</translation>
    </message>
    <message>
        <source>Nothing matches.</source>
        <translation>Sin coincidencias.</translation>
    </message>
    <message>
        <source>No visits are assigned to you.</source>
        <translation>No tiene visitas asignadas.</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Todas</translation>
    </message>
    <message>
        <source>Major fault</source>
        <translation>Falla Mayor</translation>
    </message>
    <message>
        <source>About to expire</source>
        <translation>Por vencer</translation>
    </message>
</context>
<context>
    <name>BannerQueue</name>
    <message numerus="yes">
        <source>+%n more</source>
        <translation>
            <numerusform>+%n más</numerusform>
            <numerusform>+%n más</numerusform>
        </translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>Cerrar aviso</translation>
    </message>
</context>
<context>
    <name>BlackBoxCard</name>
    <message>
        <source>Black box</source>
        <translation>Caja negra</translation>
    </message>
    <message>
        <source>Export sealed package</source>
        <translation>Exportar paquete sellado</translation>
    </message>
    <message numerus="yes">
        <source>%n damaged record(s)</source>
        <translation>
            <numerusform>%n registro dañado</numerusform>
            <numerusform>%n registros dañados</numerusform>
        </translation>
    </message>
    <message>
        <source>This laptop only</source>
        <translation>Solo esta laptop</translation>
    </message>
    <message>
        <source>Sealed for the central</source>
        <translation>Sellada para la central</translation>
    </message>
    <message numerus="yes">
        <source>%n piece(s) of work, sealed beside the data.</source>
        <translation>
            <numerusform>%n trabajo, sellado junto a los datos.</numerusform>
            <numerusform>%n trabajos, sellados junto a los datos.</numerusform>
        </translation>
    </message>
    <message>
        <source>The last one: {when}.</source>
        <translation>El último: {when}.</translation>
    </message>
    <message numerus="yes">
        <source>%n of them only this laptop can open, until it has met the central.</source>
        <translation>
            <numerusform>%n solo lo puede abrir esta laptop, hasta que tenga contacto con la central.</numerusform>
            <numerusform>%n solo los puede abrir esta laptop, hasta que tenga contacto con la central.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>What the central confirmed is deleted from here %n day(s) later.</source>
        <translation>
            <numerusform>Lo que la central confirmó se borra de aquí %n día después.</numerusform>
            <numerusform>Lo que la central confirmó se borra de aquí %n días después.</numerusform>
        </translation>
    </message>
    <message>
        <source>Until then also kept, encrypted: {names}.</source>
        <translation>Hasta entonces también se conserva, cifrado: {names}.</translation>
    </message>
    <message>
        <source>Written: {path}. It holds {commands} pieces of work and {files} files; only the central can open it.</source>
        <translation>Guardado: {path}. Contiene {commands} trabajos y {files} archivos; solo la central puede abrirlo.</translation>
    </message>
</context>
<context>
    <name>Board</name>
    <message>
        <source>Nearest deadline: {clock}.</source>
        <translation>Plazo más próximo: {clock}.</translation>
    </message>
</context>
<context>
    <name>BoardNews</name>
    <message>
        <source>Assignment undone</source>
        <translation>Asignación deshecha</translation>
    </message>
    <message>
        <source>{number} assigned to {name}</source>
        <translation>{number} asignado a {name}</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Deshacer</translation>
    </message>
    <message>
        <source>{number} registered</source>
        <translation>{number} registrado</translation>
    </message>
    <message>
        <source>The search hides it from the lists.</source>
        <translation>La búsqueda lo oculta en las listas.</translation>
    </message>
</context>
<context>
    <name>BoardView</name>
    <message>
        <source>Unassigned incidents</source>
        <translation>Incidentes sin asignar</translation>
    </message>
    <message>
        <source>Assigned incidents</source>
        <translation>Incidentes asignados</translation>
    </message>
    <message>
        <source>Assign</source>
        <translation>Asignar</translation>
    </message>
    <message>
        <source>Register incident</source>
        <translation>Registrar incidente</translation>
    </message>
    <message>
        <source>Regions</source>
        <translation>Regiones</translation>
    </message>
    <message>
        <source>Technicians</source>
        <translation>Técnicos</translation>
    </message>
    <message>
        <source>Unassigned</source>
        <translation>Sin asignar</translation>
    </message>
    <message>
        <source>Assigned</source>
        <translation>Asignados</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Abrir</translation>
    </message>
    <message>
        <source>Nothing matches.</source>
        <translation>Sin coincidencias.</translation>
    </message>
    <message>
        <source>Every incident has a technician.</source>
        <translation>Todos los incidentes tienen técnico.</translation>
    </message>
    <message>
        <source>Nobody has been assigned.</source>
        <translation>No hay nadie asignado.</translation>
    </message>
    <message>
        <source>{name} has it</source>
        <translation>Ya es de {name}</translation>
    </message>
    <message>
        <source>Reassign to {name}</source>
        <translation>Reasignar a {name}</translation>
    </message>
    <message>
        <source>Assign to {name}</source>
        <translation>Asignar a {name}</translation>
    </message>
</context>
<context>
    <name>ChainView</name>
    <message>
        <source>Chain of the connection</source>
        <translation>Cadena de la conexión</translation>
    </message>
</context>
<context>
    <name>CheckHeader</name>
    <message>
        <source>Measuring</source>
        <translation>Midiendo</translation>
    </message>
    <message>
        <source>Pass</source>
        <translation>Correcto</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>Advertencia</translation>
    </message>
    <message>
        <source>Fail</source>
        <translation>Falla</translation>
    </message>
    <message>
        <source>Not measurable here</source>
        <translation>No medible aquí</translation>
    </message>
    <message>
        <source>Not applicable</source>
        <translation>No aplica</translation>
    </message>
    <message>
        <source>Waived</source>
        <translation>Omitido</translation>
    </message>
    <message>
        <source>Required</source>
        <translation>Obligatorio</translation>
    </message>
    <message>
        <source>Pending</source>
        <translation>Pendiente</translation>
    </message>
</context>
<context>
    <name>CheckItemRow</name>
    <message>
        <source>Pass</source>
        <translation>Correcto</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>Advertencia</translation>
    </message>
    <message>
        <source>Fail</source>
        <translation>Falla</translation>
    </message>
    <message>
        <source>Not applicable</source>
        <translation>No aplica</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Resultado</translation>
    </message>
    <message>
        <source>Measured value</source>
        <translation>Valor medido</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Nota</translation>
    </message>
    <message>
        <source>Waive</source>
        <translation>Omitir</translation>
    </message>
</context>
<context>
    <name>CheckTools</name>
    <message>
        <source>Measure again</source>
        <translation>Medir de nuevo</translation>
    </message>
    <message>
        <source>Measuring…</source>
        <translation>Midiendo…</translation>
    </message>
    <message>
        <source>Evidence</source>
        <translation>Evidencia</translation>
    </message>
</context>
<context>
    <name>ChecklistMeasuring</name>
    <message>
        <source>There is no evidence of this measurement here.</source>
        <translation>Aquí no hay evidencia de esta medición.</translation>
    </message>
    <message>
        <source>Fetching…</source>
        <translation>Obteniendo…</translation>
    </message>
    <message>
        <source>The evidence is not on this laptop; it comes with a connection.</source>
        <translation>La evidencia no está en esta laptop; llega cuando haya conexión.</translation>
    </message>
    <message>
        <source>A measurement of another visit is not kept yet.</source>
        <translation>Aún no se guardó una medición de otra visita.</translation>
    </message>
    <message>
        <source>This measurement is not kept.</source>
        <translation>Esta medición no quedó guardada.</translation>
    </message>
    <message>
        <source>not saved</source>
        <translation>sin guardar</translation>
    </message>
    <message>
        <source>Verdict of {when}; measured since: {links}. Measure everything for a new one.</source>
        <translation>Veredicto del {when}; medido después: {links}. Mida todo para tener uno nuevo.</translation>
    </message>
    <message>
        <source>Stopped: nothing of it is kept.</source>
        <translation>Detenida: no se guardó nada.</translation>
    </message>
    <message>
        <source>A new one would take its place, so none was begun.</source>
        <translation>Otra la reemplazaría; por eso no se inició ninguna.</translation>
    </message>
    <message>
        <source>Another visit is being measured.</source>
        <translation>Se está midiendo otra visita.</translation>
    </message>
    <message>
        <source>Measuring is possible once you are at the site.</source>
        <translation>Podrá medir cuando esté en el sitio.</translation>
    </message>
</context>
<context>
    <name>ChecklistTab</name>
    <message>
        <source>Checklist</source>
        <translation>Checklist</translation>
    </message>
    <message>
        <source>There is no checklist for this incident.</source>
        <translation>Este incidente no tiene lista de verificación.</translation>
    </message>
    <message>
        <source>not saved</source>
        <translation>sin guardar</translation>
    </message>
    <message>
        <source>measured {time}</source>
        <translation>medido el {time}</translation>
    </message>
    <message>
        <source>from this laptop: {value}</source>
        <translation>de esta laptop: {value}</translation>
    </message>
    <message>
        <source>before: {value}</source>
        <translation>antes: {value}</translation>
    </message>
    <message>
        <source>measured since: {value}</source>
        <translation>medido después: {value}</translation>
    </message>
    <message>
        <source>This value has no verdict of its own: choose the result.</source>
        <translation>Este valor no da un resultado por sí solo: elija el resultado.</translation>
    </message>
    <message>
        <source>To waive an item, write the reason into its note first.</source>
        <translation>Para omitir un punto, escriba primero el motivo en su nota.</translation>
    </message>
</context>
<context>
    <name>ClosedView</name>
    <message>
        <source>Your work cannot be opened now</source>
        <translation>Su trabajo no se puede abrir ahora</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Intentar de nuevo</translation>
    </message>
    <message>
        <source>Export it first. To go on working, choose “Somebody else” and sign in as yourself: a new profile begins, and what is here stays here.</source>
        <translation>Expórtelo primero. Para seguir trabajando elija «Otra persona» e inicie sesión usted mismo: empieza un perfil nuevo, y lo que hay aquí se queda aquí.</translation>
    </message>
</context>
<context>
    <name>Comparison</name>
    <message>
        <source>Before and after</source>
        <translation>Antes y después</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>Antes</translation>
    </message>
    <message>
        <source>After</source>
        <translation>Después</translation>
    </message>
    <message>
        <source>Item</source>
        <translation>Punto</translation>
    </message>
</context>
<context>
    <name>Countdown</name>
    <message>
        <source>Running, {time} left</source>
        <translation>En curso, quedan {time}</translation>
    </message>
    <message>
        <source>About to expire, {time} left</source>
        <translation>Por vencer, quedan {time}</translation>
    </message>
    <message>
        <source>Breached, {time} past the deadline</source>
        <translation>Vencido hace {time}</translation>
    </message>
    <message>
        <source>Missed by {time}</source>
        <translation>Incumplido por {time}</translation>
    </message>
    <message>
        <source>Met with {time} to spare</source>
        <translation>Cumplido con {time} de margen</translation>
    </message>
    <message>
        <source>Stopped with {time} left</source>
        <translation>En pausa, quedan {time}</translation>
    </message>
    <message>
        <source>Excluded from the count</source>
        <translation>Excluido del conteo</translation>
    </message>
    <message>
        <source>No clock</source>
        <translation>Sin cronómetro</translation>
    </message>
</context>
<context>
    <name>DeskLife</name>
    <message>
        <source>A problem</source>
        <translation>Un problema</translation>
    </message>
    <message numerus="yes">
        <source>%n deadline(s) near or past</source>
        <translation>
            <numerusform>%n plazo por vencer o vencido</numerusform>
            <numerusform>%n plazos por vencer o vencidos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n piece(s) of work to send are there again.</source>
        <translation>
            <numerusform>%n trabajo por enviar está de nuevo aquí.</numerusform>
            <numerusform>%n trabajos por enviar están de nuevo aquí.</numerusform>
        </translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Ver</translation>
    </message>
    <message>
        <source>Response overdue since {due}.</source>
        <translation>Respuesta vencida desde el {due}.</translation>
    </message>
    <message>
        <source>Response due {due}.</source>
        <translation>La respuesta vence el {due}.</translation>
    </message>
    <message>
        <source>Restoration overdue since {due}.</source>
        <translation>Restablecimiento vencido desde el {due}.</translation>
    </message>
    <message>
        <source>Restoration about to expire: {due}.</source>
        <translation>Restablecimiento por vencer: {due}.</translation>
    </message>
    <message>
        <source>Escalation level {level}: {mail}</source>
        <translation>Nivel de escalamiento {level}: {mail}</translation>
    </message>
    <message>
        <source>New visit</source>
        <translation>Visita nueva</translation>
    </message>
    <message>
        <source>Visit no longer yours</source>
        <translation>La visita ya no es suya</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Abrir</translation>
    </message>
    <message>
        <source>The data on this laptop was damaged and was rebuilt; the rest comes from the central.</source>
        <translation>Los datos de esta laptop se dañaron y se reconstruyeron; lo demás llega de la central.</translation>
    </message>
    <message>
        <source>Data rebuilt</source>
        <translation>Datos reconstruidos</translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation>Iniciar sesión</translation>
    </message>
    <message>
        <source>Your operator asks for a PIN on this laptop</source>
        <translation>Su operador pide un PIN en esta laptop</translation>
    </message>
    <message>
        <source>Your operator asks for a passphrase on this laptop</source>
        <translation>Su operador pide una frase de contraseña en esta laptop</translation>
    </message>
    <message>
        <source>Now or when you like; at the next start it comes before the work.</source>
        <translation>Ahora o cuando guste; en el próximo inicio va antes que el trabajo.</translation>
    </message>
    <message>
        <source>Set a PIN</source>
        <translation>Poner un PIN</translation>
    </message>
    <message>
        <source>Set a passphrase</source>
        <translation>Poner una frase</translation>
    </message>
    <message>
        <source>Sign in again</source>
        <translation>Inicie sesión de nuevo</translation>
    </message>
</context>
<context>
    <name>Diagnosis</name>
    <message>
        <source>no link</source>
        <translation>sin enlace</translation>
    </message>
    <message>
        <source>no address</source>
        <translation>sin dirección</translation>
    </message>
    <message>
        <source>no gateway</source>
        <translation>sin puerta de enlace</translation>
    </message>
    <message>
        <source>the gateway does not answer</source>
        <translation>la puerta de enlace no responde</translation>
    </message>
    <message>
        <source>the gateway ignores pings</source>
        <translation>la puerta de enlace ignora los pings</translation>
    </message>
    <message>
        <source>no target</source>
        <translation>la política no indica a quién preguntar</translation>
    </message>
    <message>
        <source>no reply</source>
        <translation>sin respuesta</translation>
    </message>
    <message>
        <source>the server was not reached</source>
        <translation>no se llegó al servidor</translation>
    </message>
    <message>
        <source>could not be told</source>
        <translation>no se pudo determinar</translation>
    </message>
    <message>
        <source>the name was not resolved</source>
        <translation>el nombre no se resolvió</translation>
    </message>
    <message>
        <source>not a wireless interface</source>
        <translation>no es una interfaz inalámbrica</translation>
    </message>
    <message>
        <source>WiFi is switched off</source>
        <translation>el WiFi está apagado</translation>
    </message>
    <message>
        <source>no location permission</source>
        <translation>sin permiso de ubicación</translation>
    </message>
    <message>
        <source>needs administrator rights</source>
        <translation>requiere permisos de administrador</translation>
    </message>
    <message>
        <source>the system does not tell</source>
        <translation>el sistema no lo indica</translation>
    </message>
    <message>
        <source>the tool is missing</source>
        <translation>falta la herramienta</translation>
    </message>
    <message>
        <source>the STUN server has no second address</source>
        <translation>el servidor STUN no tiene segunda dirección</translation>
    </message>
    <message>
        <source>nothing to compare with</source>
        <translation>sin nada con qué comparar</translation>
    </message>
    <message>
        <source>no agreed speed to compare with</source>
        <translation>sin velocidad contratada con qué comparar</translation>
    </message>
    <message>
        <source>the line was not filled</source>
        <translation>la línea no se llenó</translation>
    </message>
    <message>
        <source>the test server is out of order</source>
        <translation>el servidor de prueba no funciona</translation>
    </message>
    <message>
        <source>the gateway answers only some pings</source>
        <translation>la puerta de enlace solo responde algunos pings</translation>
    </message>
    <message>
        <source>over the air: the limit is a cable&apos;s</source>
        <translation>por aire: el límite es para cable</translation>
    </message>
    <message>
        <source>IPv6 does not lead anywhere</source>
        <translation>IPv6 no llega a ningún lado</translation>
    </message>
    <message>
        <source>no page on the gateway</source>
        <translation>la puerta de enlace no tiene página</translation>
    </message>
    <message>
        <source>this transport is not measured</source>
        <translation>este transporte no se mide</translation>
    </message>
    <message>
        <source>only in the full run</source>
        <translation>solo en la medición completa</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>cancelado</translation>
    </message>
    <message>
        <source>time limit</source>
        <translation>tiempo agotado</translation>
    </message>
    <message>
        <source>the probe failed</source>
        <translation>la prueba falló</translation>
    </message>
    <message>
        <source>No fault found between this machine and the service.</source>
        <translation>Sin falla entre este equipo y el servicio.</translation>
    </message>
    <message>
        <source>Nothing to do.</source>
        <translation>Nada que hacer.</translation>
    </message>
    <message>
        <source>No fault in what was measured.</source>
        <translation>Sin falla en lo que se midió.</translation>
    </message>
    <message>
        <source>Measure everything for a verdict.</source>
        <translation>Mida todo para tener un veredicto.</translation>
    </message>
    <message>
        <source>Nothing could be measured.</source>
        <translation>No se pudo medir nada.</translation>
    </message>
    <message>
        <source>Choose the interface of the customer&apos;s network and repeat.</source>
        <translation>Elija la interfaz de la red del cliente y repita.</translation>
    </message>
    <message>
        <source>There is no link: the cable, its port or the WiFi association.</source>
        <translation>No hay enlace: el cable, su puerto o la asociación WiFi.</translation>
    </message>
    <message>
        <source>Try another cable and another port of the router; look at the link lights.</source>
        <translation>Pruebe otro cable y otro puerto del router; revise las luces de enlace.</translation>
    </message>
    <message>
        <source>The link is half duplex.</source>
        <translation>El enlace está en medio dúplex.</translation>
    </message>
    <message>
        <source>Set both ends to negotiate by themselves; change the cable.</source>
        <translation>Ponga ambos extremos en negociación automática; cambie el cable.</translation>
    </message>
    <message>
        <source>The WiFi signal is too weak here.</source>
        <translation>La señal WiFi es muy débil aquí.</translation>
    </message>
    <message>
        <source>Repeat by cable; move the access point or change its channel.</source>
        <translation>Repita por cable; mueva el punto de acceso o cambie su canal.</translation>
    </message>
    <message>
        <source>The WiFi network is open, or protected by something that is broken.</source>
        <translation>La red WiFi está abierta, o protegida con algo que ya no protege.</translation>
    </message>
    <message>
        <source>Set WPA2 or WPA3 on the access point.</source>
        <translation>Configure WPA2 o WPA3 en el punto de acceso.</translation>
    </message>
    <message>
        <source>No DHCP server gave this machine an address.</source>
        <translation>Ningún servidor DHCP dio una dirección a este equipo.</translation>
    </message>
    <message>
        <source>Restart the router; see whether its DHCP server is on and has addresses left.</source>
        <translation>Reinicie el router; revise que su DHCP esté activo y tenga direcciones libres.</translation>
    </message>
    <message>
        <source>The address of this machine is not one to reach anything with.</source>
        <translation>Con la dirección de este equipo no se llega a nada.</translation>
    </message>
    <message>
        <source>Ask for a new lease; see what serves DHCP here.</source>
        <translation>Renueve la dirección; revise quién da DHCP aquí.</translation>
    </message>
    <message>
        <source>This machine has an address and no gateway.</source>
        <translation>Este equipo tiene dirección pero no puerta de enlace.</translation>
    </message>
    <message>
        <source>Ask for a new lease; see which gateway the router&apos;s DHCP server hands out.</source>
        <translation>Renueve la dirección; revise qué puerta de enlace entrega el DHCP del router.</translation>
    </message>
    <message>
        <source>Two machines have the gateway&apos;s address.</source>
        <translation>Dos equipos tienen la dirección de la puerta de enlace.</translation>
    </message>
    <message>
        <source>Find the other one by its MAC address, unplug it and measure again.</source>
        <translation>Ubique el otro por su MAC, desconéctelo y mida de nuevo.</translation>
    </message>
    <message>
        <source>Another machine has the address of this one.</source>
        <translation>Otro equipo tiene la dirección de este.</translation>
    </message>
    <message>
        <source>Ask for a new lease; find the other one by its MAC address.</source>
        <translation>Renueve la dirección; ubique el otro por su MAC.</translation>
    </message>
    <message>
        <source>Another machine than the router serves DHCP here.</source>
        <translation>Aquí da DHCP un equipo que no es el router.</translation>
    </message>
    <message>
        <source>The gateway does not answer, and nothing answers behind it.</source>
        <translation>La puerta de enlace no responde, y detrás de ella nada responde.</translation>
    </message>
    <message>
        <source>Look at the router&apos;s power and lights; restart it; try another port.</source>
        <translation>Revise energía y luces del router; reinícielo; pruebe otro puerto.</translation>
    </message>
    <message>
        <source>Packets are lost between this machine and the router.</source>
        <translation>Se pierden paquetes entre este equipo y el router.</translation>
    </message>
    <message>
        <source>Change the cable and the port; take switches and extenders out; repeat by cable.</source>
        <translation>Cambie cable y puerto; quite switches y repetidores; repita por cable.</translation>
    </message>
    <message>
        <source>The router rewrites SIP messages (SIP ALG).</source>
        <translation>El router reescribe los mensajes SIP (SIP ALG).</translation>
    </message>
    <message>
        <source>Turn SIP ALG off in the router.</source>
        <translation>Desactive SIP ALG en el router.</translation>
    </message>
    <message>
        <source>The router answers, and nothing behind it does.</source>
        <translation>El router responde y detrás de él nada responde.</translation>
    </message>
    <message>
        <source>Look at the router&apos;s WAN light and the access device; report the access as down.</source>
        <translation>Revise la luz WAN del router y el equipo de acceso; reporte el acceso como caído.</translation>
    </message>
    <message>
        <source>Large packets vanish on the way without a word.</source>
        <translation>Los paquetes grandes desaparecen en el camino sin aviso.</translation>
    </message>
    <message>
        <source>Look for a second router plugged in by its LAN port; unplug it, ask for a new lease.</source>
        <translation>Busque un segundo router conectado por su puerto LAN; desconéctelo y renueve la dirección.</translation>
    </message>
    <message>
        <source>The run did not come to its end: no verdict.</source>
        <translation>La medición no llegó al final: sin veredicto.</translation>
    </message>
    <message>
        <source>Measure again.</source>
        <translation>Mida de nuevo.</translation>
    </message>
    <message>
        <source>No fault on this side; nobody behind the router was asked.</source>
        <translation>Sin falla de este lado; no se preguntó a nadie detrás del router.</translation>
    </message>
    <message>
        <source>Synchronise once: the policy names whom to measure against.</source>
        <translation>Sincronice una vez: la política indica contra quién medir.</translation>
    </message>
    <message>
        <source>The WiFi network asks nobody for a password (OWE).</source>
        <translation>La red WiFi no pide contraseña a nadie (OWE).</translation>
    </message>
    <message>
        <source>Nothing behind the router answers; whether the router does could not be measured.</source>
        <translation>Nada responde detrás del router; si el router responde no se pudo medir.</translation>
    </message>
    <message>
        <source>Look at the router&apos;s lights and open its page; then measure again.</source>
        <translation>Vea las luces del router y abra su página; después mida de nuevo.</translation>
    </message>
    <message>
        <source>Lower the MTU of the router&apos;s WAN to what came through; report the path.</source>
        <translation>Baje la MTU de la WAN del router a lo que sí pasó; reporte la ruta.</translation>
    </message>
    <message>
        <source>Voice packets are lost behind the router.</source>
        <translation>Se pierden paquetes de voz detrás del router.</translation>
    </message>
    <message>
        <source>Report the access with this measurement; repeat it at another hour.</source>
        <translation>Reporte el acceso con esta medición; repítala a otra hora.</translation>
    </message>
    <message>
        <source>Voice packets come unevenly behind the router.</source>
        <translation>Los paquetes de voz llegan disparejos detrás del router.</translation>
    </message>
    <message>
        <source>Report the access with this measurement; repeat it with the line idle.</source>
        <translation>Reporte el acceso con esta medición; repítala con la línea sin uso.</translation>
    </message>
    <message>
        <source>Voice packets take too long behind the router.</source>
        <translation>Los paquetes de voz tardan demasiado detrás del router.</translation>
    </message>
    <message>
        <source>Report the access with this measurement; see which way its traffic takes.</source>
        <translation>Reporte el acceso con esta medición; revise qué ruta toma su tráfico.</translation>
    </message>
    <message>
        <source>Calls over this line would be poor.</source>
        <translation>Las llamadas por esta línea serían malas.</translation>
    </message>
    <message>
        <source>Report the access with this measurement.</source>
        <translation>Reporte el acceso con esta medición.</translation>
    </message>
    <message>
        <source>The DNS servers do not answer.</source>
        <translation>Los servidores DNS no responden.</translation>
    </message>
    <message>
        <source>Set another resolver for a try; report the one that is silent.</source>
        <translation>Pruebe con otro DNS; reporte el que no responde.</translation>
    </message>
    <message>
        <source>The DNS servers answer, and not with what was asked for.</source>
        <translation>Los servidores DNS responden, pero no lo que se preguntó.</translation>
    </message>
    <message>
        <source>Set another resolver for a try; report the one that errs.</source>
        <translation>Pruebe con otro DNS; reporte el que se equivoca.</translation>
    </message>
    <message>
        <source>Somebody answers in place of the DNS: a made-up name is given an address.</source>
        <translation>Alguien contesta en lugar del DNS: un nombre inventado recibe una dirección.</translation>
    </message>
    <message>
        <source>Set another resolver for a try; see what the router does with DNS.</source>
        <translation>Pruebe con otro DNS; revise qué hace el router con el DNS.</translation>
    </message>
    <message>
        <source>A portal or a proxy answers in place of the Internet.</source>
        <translation>Un portal o un proxy contesta en lugar de Internet.</translation>
    </message>
    <message>
        <source>Open a page in the browser and see whose portal it is.</source>
        <translation>Abra una página en el navegador y vea de quién es el portal.</translation>
    </message>
    <message>
        <source>The Internet check does not answer, though the provider does.</source>
        <translation>La prueba de Internet no responde, aunque el proveedor sí.</translation>
    </message>
    <message>
        <source>See whether a filter of the router or the customer blocks HTTP.</source>
        <translation>Revise si un filtro del router o del cliente bloquea HTTP.</translation>
    </message>
    <message>
        <source>The address shown to the Internet is a private one.</source>
        <translation>La dirección que se muestra a Internet es privada.</translation>
    </message>
    <message>
        <source>See which network the test servers are asked through.</source>
        <translation>Revise por qué red se pregunta a los servidores de prueba.</translation>
    </message>
    <message>
        <source>The SIP server does not answer, though the Internet does.</source>
        <translation>El servidor SIP no responde, aunque Internet sí.</translation>
    </message>
    <message>
        <source>Report the SIP server; see whether a firewall blocks its port.</source>
        <translation>Reporte el servidor SIP; revise si un firewall bloquea su puerto.</translation>
    </message>
    <message>
        <source>The SIP server answers, but not on the port that phones use.</source>
        <translation>El servidor SIP responde, pero no en el puerto que usan los teléfonos.</translation>
    </message>
    <message>
        <source>See whether a firewall of the router or the customer blocks 5060.</source>
        <translation>Revise si un firewall del router o del cliente bloquea el 5060.</translation>
    </message>
    <message>
        <source>The web answers, and nothing that is asked over UDP does.</source>
        <translation>La web responde, pero nada responde por UDP.</translation>
    </message>
    <message>
        <source>See whether a firewall of the router or the customer blocks UDP.</source>
        <translation>Revise si un firewall del router o del cliente bloquea UDP.</translation>
    </message>
    <message>
        <source>The voice reflector does not answer, though others do.</source>
        <translation>El reflector de voz no responde, aunque los demás sí.</translation>
    </message>
    <message>
        <source>Report the reflector; make a test call.</source>
        <translation>Reporte el reflector; haga una llamada de prueba.</translation>
    </message>
    <message>
        <source>The round trip grows while the line is full (bufferbloat).</source>
        <translation>El tiempo de ida y vuelta crece con la línea llena (bufferbloat).</translation>
    </message>
    <message>
        <source>Limit the rates in the router to a little below the line&apos;s, or turn its SQM on.</source>
        <translation>Limite las velocidades en el router a poco menos que la línea, o active su SQM.</translation>
    </message>
    <message>
        <source>The link went down and up while it was measured.</source>
        <translation>El enlace cayó y volvió mientras se medía.</translation>
    </message>
    <message>
        <source>Change the cable and the port; see that the plug holds.</source>
        <translation>Cambie cable y puerto; vea que el conector no esté flojo.</translation>
    </message>
    <message>
        <source>The link is slower than its port could be.</source>
        <translation>El enlace es más lento de lo que su puerto permite.</translation>
    </message>
    <message>
        <source>Change the cable: one of its pairs is damaged, or the other port is an old one.</source>
        <translation>Cambie el cable: tiene un par dañado, o el otro puerto es antiguo.</translation>
    </message>
    <message>
        <source>The WiFi channel overlaps with a neighbour&apos;s.</source>
        <translation>El canal WiFi se traslapa con el de un vecino.</translation>
    </message>
    <message>
        <source>Choose a free one of 1, 6 and 11.</source>
        <translation>Elija uno libre entre 1, 6 y 11.</translation>
    </message>
    <message>
        <source>The router answers slowly.</source>
        <translation>El router responde lento.</translation>
    </message>
    <message>
        <source>Repeat with nobody else on the LAN; restart the router.</source>
        <translation>Repita sin nadie más en la LAN; reinicie el router.</translation>
    </message>
    <message>
        <source>The router gives each destination a port of its own (symmetric NAT).</source>
        <translation>El router usa un puerto distinto para cada destino (NAT simétrico).</translation>
    </message>
    <message>
        <source>Turn the router&apos;s strict NAT off, or give the phones a proxy.</source>
        <translation>Desactive el NAT estricto del router, o dé un proxy a los teléfonos.</translation>
    </message>
    <message>
        <source>There is a second NAT behind the router.</source>
        <translation>Hay un segundo NAT detrás del router.</translation>
    </message>
    <message>
        <source>Set the access device to bridge, or ask for a public address.</source>
        <translation>Ponga el equipo de acceso en modo puente, o pida una IP pública.</translation>
    </message>
    <message>
        <source>Only small packets come through.</source>
        <translation>Solo pasan paquetes pequeños.</translation>
    </message>
    <message>
        <source>Find the tunnel on the way; set the router&apos;s MTU.</source>
        <translation>Ubique el túnel en el camino; ajuste la MTU del router.</translation>
    </message>
    <message>
        <source>The DNS answers slowly, or one of its servers does not.</source>
        <translation>El DNS responde lento, o uno de sus servidores no responde.</translation>
    </message>
    <message>
        <source>Take the slow or silent resolver out of the router&apos;s list.</source>
        <translation>Quite de la lista del router el DNS lento o sin respuesta.</translation>
    </message>
    <message>
        <source>The web and everything else leave by different addresses.</source>
        <translation>La web y lo demás salen por direcciones distintas.</translation>
    </message>
    <message>
        <source>See whether there is a proxy, or two lines to the Internet.</source>
        <translation>Revise si hay un proxy, o dos salidas a Internet.</translation>
    </message>
    <message>
        <source>The line carries less than was agreed.</source>
        <translation>La línea da menos de lo contratado.</translation>
    </message>
    <message>
        <source>Repeat by cable with nobody else on the LAN, then report the access.</source>
        <translation>Repita por cable sin nadie más en la LAN; luego reporte el acceso.</translation>
    </message>
</context>
<context>
    <name>EvidenceTab</name>
    <message>
        <source>Add files</source>
        <translation>Agregar archivos</translation>
    </message>
    <message>
        <source>Paste picture</source>
        <translation>Pegar imagen</translation>
    </message>
    <message>
        <source>No files yet</source>
        <translation>Aún no hay archivos</translation>
    </message>
    <message>
        <source>Add photos of the work, or drop them here. They are kept without a network.</source>
        <translation>Agregue fotos del trabajo o suéltelas aquí. Se guardan aunque no haya red.</translation>
    </message>
    <message>
        <source>Files of this incident</source>
        <translation>Archivos de este incidente</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Abrir</translation>
    </message>
    <message>
        <source>Open {name}</source>
        <translation>Abrir {name}</translation>
    </message>
    <message>
        <source>There is no picture in the clipboard.</source>
        <translation>No hay ninguna imagen en el portapapeles.</translation>
    </message>
    <message>
        <source>picture</source>
        <translation>imagen</translation>
    </message>
</context>
<context>
    <name>FileViewer</name>
    <message>
        <source>All files</source>
        <translation>Todos los archivos</translation>
    </message>
    <message>
        <source>Save a copy</source>
        <translation>Guardar una copia</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Reintentar</translation>
    </message>
    <message>
        <source>Getting the file…</source>
        <translation>Obteniendo el archivo…</translation>
    </message>
    <message>
        <source>This kind of file is not shown here</source>
        <translation>Este tipo de archivo no se muestra aquí</translation>
    </message>
    <message>
        <source>Save a copy to open it with another program.</source>
        <translation>Guarde una copia para abrirla con otro programa.</translation>
    </message>
    <message>
        <source>A copy was saved: {path}</source>
        <translation>Se guardó una copia: {path}</translation>
    </message>
</context>
<context>
    <name>Files</name>
    <message>
        <source>Sending {percent} %</source>
        <translation>Enviando {percent} %</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>En espera</translation>
    </message>
    <message>
        <source>At the central</source>
        <translation>En la central</translation>
    </message>
    <message>
        <source>Changed on the way</source>
        <translation>Se alteró en el camino</translation>
    </message>
    <message>
        <source>Damaged on this laptop</source>
        <translation>Dañado en esta laptop</translation>
    </message>
    <message>
        <source>Too large for the central</source>
        <translation>Demasiado grande para la central</translation>
    </message>
    <message>
        <source>Not accepted</source>
        <translation>No aceptado</translation>
    </message>
    <message>
        <source>Work goes before files; they go on by themselves.</source>
        <translation>El trabajo va antes que los archivos; siguen solos después.</translation>
    </message>
    <message>
        <source>The day&apos;s allowance for files on this connection is used up.</source>
        <translation>Se agotó el límite diario de archivos en esta conexión.</translation>
    </message>
    <message>
        <source>The central has no room for files at present.</source>
        <translation>La central no tiene espacio para archivos por ahora.</translation>
    </message>
    <message>
        <source>The central takes no more files today.</source>
        <translation>La central ya no recibe archivos hoy.</translation>
    </message>
    <message>
        <source>This central keeps no files. Tell support.</source>
        <translation>Esta central no guarda archivos. Avise a soporte.</translation>
    </message>
</context>
<context>
    <name>FilesCard</name>
    <message>
        <source>Files</source>
        <translation>Archivos</translation>
    </message>
    <message>
        <source>Progress of the first file</source>
        <translation>Avance del primer archivo</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) to send</source>
        <translation>
            <numerusform>%n archivo por enviar</numerusform>
            <numerusform>%n archivos por enviar</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n put aside</source>
        <translation>
            <numerusform>%n apartado</numerusform>
            <numerusform>%n apartados</numerusform>
        </translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Intentar de nuevo</translation>
    </message>
    <message>
        <source>Give up</source>
        <translation>Descartar</translation>
    </message>
    <message>
        <source>“{name}” is deleted from this laptop and does not reach the central. To keep it, open it in the visit first and save a copy.</source>
        <translation>«{name}» se borra de esta laptop y no llega a la central. Para conservarlo, ábralo antes en la visita y guarde una copia.</translation>
    </message>
    <message>
        <source>Give up this file?</source>
        <translation>¿Descartar este archivo?</translation>
    </message>
</context>
<context>
    <name>Formats</name>
    <message>
        <source>%1 min</source>
        <translation>%1 min</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 h %2 min</translation>
    </message>
</context>
<context>
    <name>HandOver</name>
    <message>
        <source>Export sealed package</source>
        <translation>Exportar paquete sellado</translation>
    </message>
    <message numerus="yes">
        <source>%n piece(s) of work are sealed here for the central.</source>
        <translation>
            <numerusform>%n trabajo está sellado aquí para la central.</numerusform>
            <numerusform>%n trabajos están sellados aquí para la central.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n of them only this laptop can open, for it had not met the central yet: the package carries them, nobody can read them without this laptop&apos;s key.</source>
        <translation>
            <numerusform>%n solo lo puede abrir esta laptop, porque aún no había tenido contacto con la central: el paquete lo lleva, pero nadie lo puede leer sin la clave de esta laptop.</numerusform>
            <numerusform>%n solo los puede abrir esta laptop, porque aún no había tenido contacto con la central: el paquete los lleva, pero nadie los puede leer sin la clave de esta laptop.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>HandOverPage</name>
    <message>
        <source>Somebody else</source>
        <translation>Otra persona</translation>
    </message>
</context>
<context>
    <name>InlineConfirm</name>
    <message>
        <source>A reason is needed.</source>
        <translation>Falta el motivo.</translation>
    </message>
    <message>
        <source>Confirm</source>
        <translation>Confirmar</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
</context>
<context>
    <name>InterfaceChoice</name>
    <message>
        <source>Interface in use</source>
        <translation>Interfaz en uso</translation>
    </message>
    <message>
        <source>{name} (no link)</source>
        <translation>{name} (sin enlace)</translation>
    </message>
    <message>
        <source>Interface to measure</source>
        <translation>Interfaz a medir</translation>
    </message>
</context>
<context>
    <name>KeyValueList</name>
    <message>
        <source>Copy {name}</source>
        <translation>Copiar {name}</translation>
    </message>
</context>
<context>
    <name>LeaseView</name>
    <message>
        <source>Locked until the next contact</source>
        <translation>Bloqueado hasta el próximo contacto</translation>
    </message>
    <message>
        <source>Synchronise now</source>
        <translation>Sincronizar ahora</translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation>Iniciar sesión</translation>
    </message>
    <message>
        <source>Somebody else</source>
        <translation>Otra persona</translation>
    </message>
    <message>
        <source>This laptop last met the central on {when}. It opens by itself as soon as it reaches it again; nothing on it is lost.</source>
        <translation>Esta laptop tuvo contacto con la central por última vez el {when}. Se abre sola en cuanto la alcance de nuevo; no se pierde nada.</translation>
    </message>
</context>
<context>
    <name>LockCard</name>
    <message>
        <source>Take it off</source>
        <translation>Quitar</translation>
    </message>
    <message>
        <source>Taken off.</source>
        <translation>Quitado.</translation>
    </message>
    <message>
        <source>PIN of this laptop</source>
        <translation>PIN de esta laptop</translation>
    </message>
    <message>
        <source>Passphrase of this laptop</source>
        <translation>Frase de contraseña de esta laptop</translation>
    </message>
    <message>
        <source>Asked for at every start. At least 4 characters; with the system&apos;s keyring.</source>
        <translation>Se pide en cada inicio. Al menos 4 caracteres; junto con el llavero del sistema.</translation>
    </message>
    <message>
        <source>There is no keyring here: at least 12 characters, asked at every start.</source>
        <translation>Aquí no hay llavero: al menos 12 caracteres, se pide en cada inicio.</translation>
    </message>
    <message>
        <source>Your operator asks for it: it can be changed, not taken off.</source>
        <translation>Su operador lo pide: se puede cambiar, no quitar.</translation>
    </message>
    <message>
        <source>Nothing else protects your data here: it can be changed, not taken off.</source>
        <translation>Nada más protege sus datos aquí: se puede cambiar, no quitar.</translation>
    </message>
    <message>
        <source>New</source>
        <translation>Nuevo</translation>
    </message>
    <message>
        <source>The same again</source>
        <translation>Otra vez lo mismo</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>Cambiar</translation>
    </message>
    <message>
        <source>Put it on</source>
        <translation>Poner</translation>
    </message>
    <message>
        <source>That is too short.</source>
        <translation>Es demasiado corta.</translation>
    </message>
    <message>
        <source>The two are not the same.</source>
        <translation>Los dos no son iguales.</translation>
    </message>
    <message>
        <source>It is on from now.</source>
        <translation>Queda puesto desde ahora.</translation>
    </message>
</context>
<context>
    <name>MainPage</name>
    <message>
        <source>My IP</source>
        <translation>Mi IP</translation>
    </message>
    <message>
        <source>Sync</source>
        <translation>Sincronía</translation>
    </message>
    <message>
        <source>Dispatch</source>
        <translation>Despacho</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Ajustes</translation>
    </message>
    <message>
        <source>Incidents</source>
        <translation>Incidentes</translation>
    </message>
    <message>
        <source>Agenda</source>
        <translation>Agenda</translation>
    </message>
    <message>
        <source>Dispatch by region</source>
        <translation>Despacho por región</translation>
    </message>
    <message>
        <source>My visits</source>
        <translation>Mis visitas</translation>
    </message>
    <message>
        <source>Synchronisation</source>
        <translation>Sincronización</translation>
    </message>
    <message>
        <source>Search folio, customer or street</source>
        <translation>Buscar folio, cliente o calle</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Ver</translation>
    </message>
</context>
<context>
    <name>MapCanvas</name>
    <message numerus="yes">
        <source>Map with %n visit(s)</source>
        <translation>
            <numerusform>Mapa con %n visita</numerusform>
            <numerusform>Mapa con %n visitas</numerusform>
        </translation>
    </message>
    <message>
        <source>Arrow keys move the map, plus and minus zoom. The list holds the same visits.</source>
        <translation>Las flechas mueven el mapa; más y menos acercan y alejan. La lista tiene las mismas visitas.</translation>
    </message>
    <message numerus="yes">
        <source>%n visit(s)</source>
        <translation>
            <numerusform>%n visita</numerusform>
            <numerusform>%n visitas</numerusform>
        </translation>
    </message>
    <message>
        <source>Borders: Natural Earth · Places: GeoNames (CC BY 4.0)</source>
        <translation>Límites: Natural Earth · Lugares: GeoNames (CC BY 4.0)</translation>
    </message>
</context>
<context>
    <name>MapControls</name>
    <message>
        <source>Zoom in</source>
        <translation>Acercar</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>Alejar</translation>
    </message>
    <message>
        <source>Show all visits</source>
        <translation>Ver todas las visitas</translation>
    </message>
</context>
<context>
    <name>Measure</name>
    <message>
        <source>Cable/WiFi</source>
        <translation>Cable/WiFi</translation>
    </message>
    <message>
        <source>IP</source>
        <translation>IP</translation>
    </message>
    <message>
        <source>LAN</source>
        <translation>LAN</translation>
    </message>
    <message>
        <source>Router</source>
        <translation>Router</translation>
    </message>
    <message>
        <source>WAN</source>
        <translation>WAN</translation>
    </message>
    <message>
        <source>Provider</source>
        <translation>Proveedor</translation>
    </message>
    <message>
        <source>DNS</source>
        <translation>DNS</translation>
    </message>
    <message>
        <source>Internet</source>
        <translation>Internet</translation>
    </message>
    <message>
        <source>SIP</source>
        <translation>SIP</translation>
    </message>
    <message>
        <source>Cable</source>
        <translation>Cable</translation>
    </message>
    <message>
        <source>ISP</source>
        <translation>ISP</translation>
    </message>
    <message>
        <source>Web</source>
        <translation>Web</translation>
    </message>
    <message>
        <source>Suggested by the measurement of {time}</source>
        <translation>Sugerida por la medición ({time})</translation>
    </message>
    <message>
        <source>Quick</source>
        <translation>Rápida</translation>
    </message>
    <message>
        <source>Full</source>
        <translation>Completa</translation>
    </message>
    <message>
        <source>Some probes</source>
        <translation>Algunas pruebas</translation>
    </message>
    <message>
        <source>{share} of the agreed {speed} Mbps</source>
        <translation>{share} de los {speed} Mbps contratados</translation>
    </message>
    <message>
        <source>warning {limit}</source>
        <translation>advertencia {limit}</translation>
    </message>
</context>
<context>
    <name>MeasureCard</name>
    <message>
        <source>behind the break</source>
        <translation>detrás del corte</translation>
    </message>
    <message>
        <source>Earlier verdict: {verdict}</source>
        <translation>Veredicto anterior: {verdict}</translation>
    </message>
    <message>
        <source>Not measured yet.</source>
        <translation>Aún sin medir.</translation>
    </message>
    <message>
        <source>Suggested: {attribution}</source>
        <translation>Imputación sugerida: {attribution}</translation>
    </message>
    <message>
        <source>Measuring…</source>
        <translation>Midiendo…</translation>
    </message>
    <message>
        <source>Only a part was measured. Measure everything for a verdict.</source>
        <translation>Solo se midió una parte. Mida todo para tener un veredicto.</translation>
    </message>
    <message>
        <source>Measuring: {done} of {all}</source>
        <translation>Midiendo: {done} de {all}</translation>
    </message>
    <message>
        <source>voice {percent} %</source>
        <translation>voz {percent} %</translation>
    </message>
    <message>
        <source>measuring</source>
        <translation>midiendo</translation>
    </message>
    <message>
        <source>not measured</source>
        <translation>sin medir</translation>
    </message>
    <message>
        <source>it breaks here</source>
        <translation>se rompe aquí</translation>
    </message>
    <message>
        <source>something is odd here</source>
        <translation>aquí hay algo raro</translation>
    </message>
    <message>
        <source>Measure everything</source>
        <translation>Medir todo</translation>
    </message>
    <message>
        <source>Full (30 s)</source>
        <translation>Completa (30 s)</translation>
    </message>
    <message>
        <source>Full: 20 s of voice, then the line is filled: uses the customer&apos;s data.</source>
        <translation>Completa: 20 s de voz y luego se llena la línea: consume datos del cliente.</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Detener</translation>
    </message>
    <message>
        <source>Keep it now</source>
        <translation>Guardar ahora</translation>
    </message>
    <message>
        <source>Before and after</source>
        <translation>Antes y después</translation>
    </message>
</context>
<context>
    <name>MeteredCard</name>
    <message>
        <source>As the system says</source>
        <translation>Lo que indique el sistema</translation>
    </message>
    <message>
        <source>It costs by the byte</source>
        <translation>Se paga por consumo</translation>
    </message>
    <message>
        <source>It does not</source>
        <translation>No se paga por consumo</translation>
    </message>
    <message>
        <source>Files on a metered connection</source>
        <translation>Archivos en una conexión medida</translation>
    </message>
    <message>
        <source>Work always goes out at once. Files wait when the day&apos;s share is used up.</source>
        <translation>El trabajo siempre sale enseguida. Los archivos esperan cuando se agota la cuota del día.</translation>
    </message>
    <message>
        <source>This connection</source>
        <translation>Esta conexión</translation>
    </message>
    <message>
        <source>Most files in a day</source>
        <translation>Máximo de archivos al día</translation>
    </message>
    <message>
        <source>Sent today on metered connections: {size}</source>
        <translation>Enviado hoy por conexiones medidas: {size}</translation>
    </message>
</context>
<context>
    <name>NetworkLights</name>
    <message>
        <source>Networks</source>
        <translation>Redes</translation>
    </message>
    <message>
        <source>My connection</source>
        <translation>Mi conexión</translation>
    </message>
    <message>
        <source>Customer&apos;s network</source>
        <translation>Red del cliente</translation>
    </message>
    <message>
        <source>Synchronise through</source>
        <translation>Sincronizar por</translation>
    </message>
    <message>
        <source>Let the system choose</source>
        <translation>Que elija el sistema</translation>
    </message>
    <message>
        <source>It is not connected: nothing is sent. Your work is kept.</source>
        <translation>No está conectada: no se envía nada. Su trabajo se conserva.</translation>
    </message>
    <message>
        <source>For a hotspot beside the customer&apos;s network: choose yours here.</source>
        <translation>Para usar un punto de acceso propio junto a la red del cliente, elíjalo aquí.</translation>
    </message>
    <message>
        <source>This system ties the connection to the address only: its routes may still lead it through the other network.</source>
        <translation>Este sistema solo ata la conexión a la dirección: sus rutas aún pueden llevarla por la otra red.</translation>
    </message>
    <message>
        <source>Not connected</source>
        <translation>Sin conexión</translation>
    </message>
    <message>
        <source>Central reached</source>
        <translation>Central alcanzada</translation>
    </message>
    <message>
        <source>Central not reached</source>
        <translation>Central no alcanzada</translation>
    </message>
    <message>
        <source>Not tried yet</source>
        <translation>Aún no se intenta</translation>
    </message>
    <message>
        <source>Link and address</source>
        <translation>Enlace y dirección</translation>
    </message>
    <message>
        <source>No link or no address</source>
        <translation>Sin enlace o sin dirección</translation>
    </message>
    <message>
        <source>No second network</source>
        <translation>No hay segunda red</translation>
    </message>
    <message>
        <source>The system&apos;s choice</source>
        <translation>La que elija el sistema</translation>
    </message>
    <message>
        <source>{name} (not connected)</source>
        <translation>{name} (sin conexión)</translation>
    </message>
</context>
<context>
    <name>NetworkView</name>
    <message>
        <source>My IP</source>
        <translation>Mi IP</translation>
    </message>
    <message>
        <source>asking…</source>
        <translation>preguntando…</translation>
    </message>
    <message>
        <source>no reply</source>
        <translation>sin respuesta</translation>
    </message>
    <message>
        <source>nobody to ask</source>
        <translation>la política no indica a quién preguntar</translation>
    </message>
    <message>
        <source>Private IP</source>
        <translation>IP privada</translation>
    </message>
    <message>
        <source>Public IP</source>
        <translation>IP pública</translation>
    </message>
    <message>
        <source>Gateway</source>
        <translation>Puerta de enlace</translation>
    </message>
    <message>
        <source>DNS</source>
        <translation>DNS</translation>
    </message>
    <message>
        <source>Interface</source>
        <translation>Interfaz</translation>
    </message>
    <message>
        <source>WiFi</source>
        <translation>WiFi</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Copiar</translation>
    </message>
    <message>
        <source>Read again</source>
        <translation>Volver a leer</translation>
    </message>
    <message>
        <source>Interfaces</source>
        <translation>Interfaces</translation>
    </message>
    <message>
        <source>none</source>
        <translation>no hay</translation>
    </message>
    <message>
        <source>up</source>
        <translation>activa</translation>
    </message>
    <message>
        <source>down</source>
        <translation>inactiva</translation>
    </message>
</context>
<context>
    <name>NewLockFields</name>
    <message numerus="yes">
        <source>%n more character(s)</source>
        <translation>
            <numerusform>falta %n carácter</numerusform>
            <numerusform>faltan %n caracteres</numerusform>
        </translation>
    </message>
    <message>
        <source>Weak: easy to guess. Three or four unrelated words are better.</source>
        <translation>Débil: se adivina fácil. Mejor tres o cuatro palabras sin relación.</translation>
    </message>
    <message>
        <source>Fair</source>
        <translation>Aceptable</translation>
    </message>
    <message>
        <source>Good</source>
        <translation>Buena</translation>
    </message>
</context>
<context>
    <name>NewLockView</name>
    <message>
        <source>Continue</source>
        <translation>Continuar</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Atrás</translation>
    </message>
    <message>
        <source>Choose a PIN for this laptop</source>
        <translation>Elija un PIN para esta laptop</translation>
    </message>
    <message>
        <source>Your operator asks for it. It is typed at every start, and works together with this system&apos;s keyring: at least 4 characters.</source>
        <translation>Su operador lo pide. Se escribe en cada inicio y funciona junto con el llavero de este sistema: al menos 4 caracteres.</translation>
    </message>
    <message>
        <source>Choose a passphrase for this laptop</source>
        <translation>Elija una frase de contraseña para esta laptop</translation>
    </message>
    <message>
        <source>Your operator asks for it. It is typed at every start: at least 12 characters.</source>
        <translation>Su operador la pide. Se escribe en cada inicio: al menos 12 caracteres.</translation>
    </message>
    <message>
        <source>There is no keyring on this system, so your data here is locked by a passphrase of at least 12 characters. It is typed at every start; nobody can recover it for you.</source>
        <translation>Este sistema no tiene llavero, así que sus datos aquí se cierran con una frase de contraseña de al menos 12 caracteres. Se escribe en cada inicio; nadie puede recuperarla por usted.</translation>
    </message>
</context>
<context>
    <name>NotesTab</name>
    <message>
        <source>New note</source>
        <translation>Nota nueva</translation>
    </message>
    <message>
        <source>What you saw, what you did, who you talked to</source>
        <translation>Qué vio, qué hizo, con quién habló</translation>
    </message>
    <message>
        <source>Save note</source>
        <translation>Guardar nota</translation>
    </message>
    <message>
        <source>What happened</source>
        <translation>Qué ha pasado</translation>
    </message>
    <message>
        <source>note.txt</source>
        <translation>nota.txt</translation>
    </message>
</context>
<context>
    <name>OpeningView</name>
    <message>
        <source>Opening…</source>
        <translation>Abriendo…</translation>
    </message>
    <message>
        <source>The data on this laptop was damaged and is being rebuilt from its black box. Work that was not sent yet is kept.</source>
        <translation>Los datos de esta laptop se dañaron y se están reconstruyendo desde su caja negra. El trabajo que aún no se envía se conserva.</translation>
    </message>
    <message>
        <source>The data on this laptop is being upgraded for this version of the program. The old data stays beside it until that is done.</source>
        <translation>Los datos de esta laptop se están actualizando para esta versión del programa. Los anteriores se conservan al lado hasta que termine.</translation>
    </message>
</context>
<context>
    <name>OutboxCard</name>
    <message>
        <source>An earlier step of this incident is held at the central; this one waits</source>
        <translation>Un paso anterior de este incidente está retenido en la central; este espera</translation>
    </message>
    <message>
        <source>Accepted {time}</source>
        <translation>Aceptado {time}</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation>Rechazado</translation>
    </message>
    <message>
        <source>Held at the central</source>
        <translation>Retenido en la central</translation>
    </message>
    <message>
        <source>Behind another step</source>
        <translation>Detrás de otro paso</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>En espera</translation>
    </message>
    <message>
        <source>Send again</source>
        <translation>Reenviar</translation>
    </message>
    <message>
        <source>Turn into a note</source>
        <translation>Convertir en nota</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportar</translation>
    </message>
    <message>
        <source>Give up</source>
        <translation>Descartar</translation>
    </message>
    <message>
        <source>Give up this work?</source>
        <translation>¿Descartar este trabajo?</translation>
    </message>
    <message>
        <source>“{what}” is deleted from this laptop for good. To keep what it says, turn it into a note or export it.</source>
        <translation>“{what}” se borra de esta laptop para siempre. Para conservar lo que dice, conviértalo en nota o expórtelo.</translation>
    </message>
</context>
<context>
    <name>PeopleList</name>
    <message>
        <source>Who works on this laptop</source>
        <translation>Quiénes trabajan en esta laptop</translation>
    </message>
    <message>
        <source>Or sign in</source>
        <translation>O inicie sesión</translation>
    </message>
    <message>
        <source>here last on {when}</source>
        <translation>aquí por última vez el {when}</translation>
    </message>
    <message>
        <source>shut out at the central</source>
        <translation>dada de baja en la central</translation>
    </message>
</context>
<context>
    <name>Problems</name>
    <message>
        <source>A file cannot be understood: {file}. It was not changed; put it back from a copy or tell support.</source>
        <translation>Un archivo no se puede entender: {file}. No se cambió; repóngalo de una copia o avise a soporte.</translation>
    </message>
    <message>
        <source>Something went wrong inside the program: {error}</source>
        <translation>Algo falló dentro del programa: {error}</translation>
    </message>
    <message>
        <source>The central cannot be reached. Check its address and this connection.</source>
        <translation>No se alcanza la central. Revise la dirección y la conexión.</translation>
    </message>
    <message>
        <source>The central did not answer in time. Try again.</source>
        <translation>La central no respondió a tiempo. Intente de nuevo.</translation>
    </message>
    <message>
        <source>The connection broke off. Try again.</source>
        <translation>La conexión se cortó. Intente de nuevo.</translation>
    </message>
    <message>
        <source>That is not the central: a wrong address, or this network asks for a sign-in first.</source>
        <translation>Esa no es la central: la dirección está mal o esta red pide iniciar sesión primero.</translation>
    </message>
    <message>
        <source>That is not the address of a central. It looks like https://…</source>
        <translation>Esa no es la dirección de una central. Debe verse como https://…</translation>
    </message>
    <message>
        <source>The central cannot be reached. Everything waiting is kept; it is tried again.</source>
        <translation>No se alcanza la central. Todo lo pendiente se conserva; se reintenta solo.</translation>
    </message>
    <message>
        <source>The network chosen for synchronising is not connected. Everything waiting is kept; connect it again, or let the system choose.</source>
        <translation>La red elegida para sincronizar no está conectada. Todo lo pendiente se conserva; conéctela de nuevo o deje que elija el sistema.</translation>
    </message>
    <message>
        <source>The central did not answer in time. Everything waiting is kept; it is tried again.</source>
        <translation>La central no respondió a tiempo. Todo lo pendiente se conserva; se reintenta solo.</translation>
    </message>
    <message>
        <source>The connection breaks off. Everything waiting is kept; it is tried again.</source>
        <translation>La conexión se corta. Todo lo pendiente se conserva; se reintenta solo.</translation>
    </message>
    <message>
        <source>You stopped it. Everything waiting is kept; it goes on by itself later, or at once with “Synchronise now”.</source>
        <translation>Usted la detuvo. Todo lo que espera se conserva; continúa sola más tarde, o de inmediato con «Sincronizar ahora».</translation>
    </message>
    <message>
        <source>Something else answers in the central&apos;s place: this network may ask for a sign-in. Open a browser and sign in to the network. Everything waiting is kept.</source>
        <translation>Algo más responde en lugar de la central: quizá esta red pide iniciar sesión. Abra un navegador e inicie sesión en la red. Todo lo pendiente se conserva.</translation>
    </message>
    <message>
        <source>The central is busy. Everything waiting is kept; it is tried again.</source>
        <translation>La central está ocupada. Todo lo pendiente se conserva; se reintenta solo.</translation>
    </message>
    <message>
        <source>The central has a fault. Everything waiting is kept; it is tried again.</source>
        <translation>La central tiene una falla. Todo lo pendiente se conserva; se reintenta solo.</translation>
    </message>
    <message>
        <source>What was received does not add up; it is loaded again by itself.</source>
        <translation>Lo recibido no cuadra; se vuelve a cargar solo.</translation>
    </message>
    <message>
        <source>The central takes less than is to be sent; work is kept. Tell support.</source>
        <translation>La central acepta menos de lo que hay por enviar; el trabajo se conserva. Avise a soporte.</translation>
    </message>
    <message>
        <source>The central and this laptop do not agree; work is kept. Tell support.</source>
        <translation>La central y esta laptop no coinciden; el trabajo se conserva. Avise a soporte.</translation>
    </message>
    <message>
        <source>The central answers something this version does not understand.</source>
        <translation>La central responde algo que esta versión no entiende.</translation>
    </message>
    <message>
        <source>This version is too old for the central. Your work is still sent; update the program.</source>
        <translation>Esta versión es muy antigua para la central. Su trabajo se sigue enviando; actualice el programa.</translation>
    </message>
    <message>
        <source>That is not the address of a central.</source>
        <translation>Esa no es la dirección de una central.</translation>
    </message>
    <message>
        <source>That address is not encrypted. Use the central&apos;s https:// address.</source>
        <translation>Esa dirección no va cifrada. Use la dirección https:// de la central.</translation>
    </message>
    <message>
        <source>The user or the password is wrong.</source>
        <translation>El usuario o la contraseña no son correctos.</translation>
    </message>
    <message>
        <source>Too many attempts. Wait a little and try again.</source>
        <translation>Demasiados intentos. Espere un poco e intente de nuevo.</translation>
    </message>
    <message>
        <source>This laptop was shut out at the central. Your work is kept.</source>
        <translation>La central dio de baja esta laptop. Su trabajo se conserva.</translation>
    </message>
    <message>
        <source>The central knows this profile under another laptop or user. Sign in on it anew.</source>
        <translation>La central conoce este perfil como de otra laptop u otro usuario. Inicie sesión de nuevo en él.</translation>
    </message>
    <message>
        <source>The session has ended. Sign in again; work is kept.</source>
        <translation>La sesión terminó. Inicie sesión de nuevo; su trabajo se conserva.</translation>
    </message>
    <message>
        <source>Nobody has signed in on this profile yet.</source>
        <translation>Nadie ha iniciado sesión en este perfil.</translation>
    </message>
    <message>
        <source>The keyring did not keep what it was given. Everything is as it was.</source>
        <translation>El llavero no guardó lo que recibió. Todo sigue como estaba.</translation>
    </message>
    <message>
        <source>That passphrase is too easy to guess: take three or four unrelated words.</source>
        <translation>Esa frase se adivina fácil: use tres o cuatro palabras sin relación.</translation>
    </message>
    <message>
        <source>This profile belongs to another person or central. Use another profile folder.</source>
        <translation>Este perfil es de otra persona o de otra central. Use otra carpeta de perfil.</translation>
    </message>
    <message>
        <source>This profile is already open in another window. Use that one or close it.</source>
        <translation>Este perfil ya está abierto en otra ventana. Use esa o ciérrela.</translation>
    </message>
    <message>
        <source>The key of this laptop&apos;s data is missing. Unlock the keyring; nothing was deleted.</source>
        <translation>Falta la clave de los datos de esta laptop. Desbloquee el llavero; nada se borró.</translation>
    </message>
    <message>
        <source>The file that says where the keys of this laptop&apos;s data are (secret-store.json) is gone. Nothing was deleted and no new key was made. Put it back from a copy; without one, export the sealed package and give it to your administrator.</source>
        <translation>Falta el archivo que dice dónde están las claves de los datos de esta laptop (secret-store.json). No se borró nada ni se hizo una clave nueva. Repóngalo de una copia; si no hay, exporte el paquete sellado y entréguelo a su administrador.</translation>
    </message>
    <message>
        <source>The keys of this laptop&apos;s data lie in another place than the program was started for. Nothing was changed; start it as before.</source>
        <translation>Las claves de los datos de esta laptop están en otro lugar que el indicado al iniciar el programa. No se cambió nada; inícielo como antes.</translation>
    </message>
    <message>
        <source>The lock of this laptop&apos;s data (lock.json) is damaged, so nothing opens it at present. Nothing was deleted. Put that file back from a copy; without one, export the sealed package and give it to your administrator.</source>
        <translation>El bloqueo de los datos de esta laptop (lock.json) está dañado, así que por ahora nada los abre. No se borró nada. Reponga ese archivo de una copia; si no hay, exporte el paquete sellado y entréguelo a su administrador.</translation>
    </message>
    <message>
        <source>Your operator asks for a lock on every laptop: it was not taken off. You can change it for another one.</source>
        <translation>Su operador pide un bloqueo en cada laptop: no se quitó. Puede cambiarlo por otro.</translation>
    </message>
    <message>
        <source>The PIN is wrong.</source>
        <translation>El PIN es incorrecto.</translation>
    </message>
    <message>
        <source>The passphrase is wrong.</source>
        <translation>La frase de contraseña es incorrecta.</translation>
    </message>
    <message>
        <source>Too many wrong tries. Wait a little and try again; your work is safe.</source>
        <translation>Demasiados intentos incorrectos. Espere un poco e intente de nuevo; su trabajo está a salvo.</translation>
    </message>
    <message>
        <source>That is too short.</source>
        <translation>Es demasiado corta.</translation>
    </message>
    <message>
        <source>This profile is locked. Unlock it first.</source>
        <translation>Este perfil está bloqueado. Desbloquéelo primero.</translation>
    </message>
    <message>
        <source>The file is too large: at most 25 MB. Nothing was attached.</source>
        <translation>El archivo es demasiado grande: máximo 25 MB. No se adjuntó nada.</translation>
    </message>
    <message>
        <source>The file cannot be read. Nothing was attached; choose another one.</source>
        <translation>No se puede leer el archivo. No se adjuntó nada; elija otro.</translation>
    </message>
    <message>
        <source>The file is not at the central yet: the laptop that has it must synchronise first.</source>
        <translation>El archivo aún no está en la central: primero debe sincronizar la laptop que lo tiene.</translation>
    </message>
    <message>
        <source>This file is no longer in your scope.</source>
        <translation>Este archivo ya no está en su alcance.</translation>
    </message>
    <message>
        <source>The copy cannot be written there. Choose another place with more room.</source>
        <translation>La copia no se puede guardar ahí. Elija otro lugar con más espacio.</translation>
    </message>
    <message>
        <source>That is the folder in which the program keeps its data. Choose another one, for instance on a USB stick.</source>
        <translation>Esa es la carpeta en la que el programa guarda sus datos. Elija otra, por ejemplo en una memoria USB.</translation>
    </message>
    <message>
        <source>The file on this laptop is damaged or gone.</source>
        <translation>El archivo en esta laptop está dañado o ya no está.</translation>
    </message>
    <message>
        <source>The disk does not read or write as it should. Check it and try again.</source>
        <translation>El disco no lee o no escribe como debe. Revíselo e intente de nuevo.</translation>
    </message>
    <message>
        <source>The system&apos;s keyring cannot be used. Unlock it and start again.</source>
        <translation>No se puede usar el llavero del sistema. Desbloquéelo y abra de nuevo.</translation>
    </message>
    <message>
        <source>A newer version of the program was used here. Update it; data is untouched.</source>
        <translation>Aquí se usó una versión más nueva del programa. Actualícelo; los datos están intactos.</translation>
    </message>
    <message>
        <source>The local data is damaged or its key is another one; nothing was deleted. Start the program again. If this stays, tell support.</source>
        <translation>Los datos locales están dañados o su clave es otra; no se borró nada. Inicie el programa de nuevo. Si continúa, avise a soporte.</translation>
    </message>
    <message>
        <source>The local data cannot be opened. Nothing was deleted; tell support.</source>
        <translation>No se pueden abrir los datos locales. Nada se borró; avise a soporte.</translation>
    </message>
    <message>
        <source>The file with this laptop&apos;s keys cannot be read or written.</source>
        <translation>El archivo con las claves de esta laptop no se puede leer o escribir.</translation>
    </message>
    <message>
        <source>The profile has been closed. Start the program again.</source>
        <translation>El perfil se cerró. Vuelva a iniciar el programa.</translation>
    </message>
    <message>
        <source>The sealed package cannot be written there. Nothing is lost; choose another place.</source>
        <translation>El paquete sellado no se puede guardar ahí. No se pierde nada; elija otro lugar.</translation>
    </message>
    <message>
        <source>The black box cannot be written: the last change was not saved. Check the disk.</source>
        <translation>No se puede escribir en la caja negra: el último cambio no se guardó. Revise el disco.</translation>
    </message>
    <message>
        <source>The data is in use by another program at the moment. Try again.</source>
        <translation>Otro programa está usando los datos en este momento. Intente de nuevo.</translation>
    </message>
    <message>
        <source>There is not enough memory to try that. Close other programs and try again; your work is safe.</source>
        <translation>No hay memoria suficiente para intentarlo. Cierre otros programas e intente de nuevo; su trabajo está a salvo.</translation>
    </message>
    <message>
        <source>The profile folder cannot be written.</source>
        <translation>No se puede escribir en la carpeta del perfil.</translation>
    </message>
    <message>
        <source>The disk is full: the last change was not saved. Free some space.</source>
        <translation>El disco está lleno: el último cambio no se guardó. Libere espacio.</translation>
    </message>
</context>
<context>
    <name>Refusals</name>
    <message>
        <source>Not accepted ({code}).</source>
        <translation>No se aceptó ({code}).</translation>
    </message>
    <message>
        <source>Your role may not do this, or not in this region; nor may whom you chose.</source>
        <translation>Su función no permite esto, o no en esta región; tampoco a quien eligió.</translation>
    </message>
    <message>
        <source>This visit is no longer yours. Facts are kept.</source>
        <translation>Esta visita ya no es suya. Los hechos registrados se conservan.</translation>
    </message>
    <message>
        <source>That incident is about another service: it is no duplicate.</source>
        <translation>Ese incidente es de otro servicio: no es duplicado.</translation>
    </message>
    <message>
        <source>Nobody judges a proposal of his own.</source>
        <translation>Nadie resuelve su propia propuesta.</translation>
    </message>
    <message>
        <source>Not possible in the present state.</source>
        <translation>No es posible en el estado actual.</translation>
    </message>
    <message>
        <source>Not possible for this kind of incident.</source>
        <translation>No es posible en este tipo de incidente.</translation>
    </message>
    <message>
        <source>Somebody else changed it first: {detail}</source>
        <translation>Alguien más lo cambió antes: {detail}</translation>
    </message>
    <message>
        <source>It exists already.</source>
        <translation>Ya existe.</translation>
    </message>
    <message>
        <source>An earlier refused step of this visit comes first: decide on it.</source>
        <translation>Antes hay un paso rechazado de esta visita: decida primero sobre él.</translation>
    </message>
    <message>
        <source>The central holds it and may still do it: it is not sent twice.</source>
        <translation>La central lo retiene y aún puede hacerlo: no se envía dos veces.</translation>
    </message>
    <message>
        <source>The technician already has this visit.</source>
        <translation>El técnico ya tiene esta visita.</translation>
    </message>
    <message>
        <source>Somebody is still on site.</source>
        <translation>Aún hay alguien en sitio.</translation>
    </message>
    <message>
        <source>Too late to reopen: register a new incident.</source>
        <translation>Ya no se puede reabrir: registre un incidente nuevo.</translation>
    </message>
    <message>
        <source>The time lies in the future.</source>
        <translation>La hora está en el futuro.</translation>
    </message>
    <message>
        <source>A reason is needed.</source>
        <translation>Falta el motivo.</translation>
    </message>
    <message>
        <source>Answer or waive the mandatory items first: {detail}</source>
        <translation>Primero responda u omita los puntos obligatorios: {detail}</translation>
    </message>
    <message>
        <source>Say whose infrastructure failed.</source>
        <translation>Indique de quién es la infraestructura que falló.</translation>
    </message>
    <message>
        <source>An exclusion needs evidence.</source>
        <translation>Una exclusión requiere evidencia.</translation>
    </message>
    <message>
        <source>That attribution cannot be excluded.</source>
        <translation>Esa imputación no se puede excluir.</translation>
    </message>
    <message>
        <source>Choose a cause from the list.</source>
        <translation>Elija una causa de la lista.</translation>
    </message>
    <message>
        <source>Choose a solution from the list.</source>
        <translation>Elija una solución de la lista.</translation>
    </message>
    <message>
        <source>Choose a reason from the list.</source>
        <translation>Elija un motivo de la lista.</translation>
    </message>
    <message>
        <source>This laptop or the central does not know it (any more).</source>
        <translation>Esta laptop o la central no lo conoce (o ya no).</translation>
    </message>
    <message>
        <source>The central does not know this step: one of the two programs is older.</source>
        <translation>La central no conoce este paso: uno de los dos programas es más antiguo.</translation>
    </message>
    <message>
        <source>The escalation ladder has no such level.</source>
        <translation>La escalera de escalamiento no tiene ese nivel.</translation>
    </message>
    <message>
        <source>The checklist of this visit has no such item.</source>
        <translation>La lista de verificación de esta visita no tiene ese punto.</translation>
    </message>
    <message>
        <source>The service levels of this incident are not here yet.</source>
        <translation>Aún no llegan los niveles de servicio de este incidente.</translation>
    </message>
    <message>
        <source>The checklist of this visit is not here yet.</source>
        <translation>Aún no llega la lista de verificación de esta visita.</translation>
    </message>
    <message>
        <source>A text holds a character that cannot be stored.</source>
        <translation>Un texto contiene un carácter que no se puede guardar.</translation>
    </message>
    <message>
        <source>A text is longer than 64 KiB, or the incident has no room for more.</source>
        <translation>Un texto pasa de 64 KiB, o en el incidente ya no cabe más.</translation>
    </message>
    <message>
        <source>The number of affected users is not possible.</source>
        <translation>El número de usuarios afectados no es posible.</translation>
    </message>
    <message>
        <source>More users affected than there are: {detail}</source>
        <translation>Hay más usuarios afectados que usuarios en total: {detail}</translation>
    </message>
    <message>
        <source>Choose the severity: the user count is not known.</source>
        <translation>Elija la severidad: no se conoce el total de usuarios.</translation>
    </message>
    <message>
        <source>The rule says otherwise: give a reason.</source>
        <translation>La regla indica otra cosa: escriba el motivo.</translation>
    </message>
    <message>
        <source>Something in the form cannot be right: {detail}</source>
        <translation>Hay un dato incorrecto en el formulario: {detail}</translation>
    </message>
    <message>
        <source>The operator of the central gave this step up.</source>
        <translation>El operador de la central desistió de este paso.</translation>
    </message>
    <message>
        <source>The central could not process it and keeps it aside. Nothing is lost: it is done once the fault there is mended.</source>
        <translation>La central no pudo procesarlo y lo dejó aparte. Nada se pierde: se hará cuando se corrija la falla de allá.</translation>
    </message>
</context>
<context>
    <name>RegionChoice</name>
    <message>
        <source>Regions</source>
        <translation>Regiones</translation>
    </message>
    <message>
        <source>Region</source>
        <translation>Región</translation>
    </message>
    <message>
        <source>All my regions</source>
        <translation>Mis regiones</translation>
    </message>
    <message numerus="yes">
        <source>%n unassigned</source>
        <translation>
            <numerusform>%n sin asignar</numerusform>
            <numerusform>%n sin asignar</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RegionDelegate</name>
    <message numerus="yes">
        <source>%n open incident(s)</source>
        <translation>
            <numerusform>%n incidente abierto</numerusform>
            <numerusform>%n incidentes abiertos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n unassigned</source>
        <translation>
            <numerusform>%n sin asignar</numerusform>
            <numerusform>%n sin asignar</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RegisterForm</name>
    <message>
        <source>Technical fault</source>
        <translation>Falla técnica</translation>
    </message>
    <message>
        <source>Administrative</source>
        <translation>Administrativo</translation>
    </message>
    <message>
        <source>By the rule</source>
        <translation>Según la regla</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Volver</translation>
    </message>
    <message>
        <source>Start over</source>
        <translation>Empezar de nuevo</translation>
    </message>
    <message>
        <source>Register and acknowledge</source>
        <translation>Registrar con acuse</translation>
    </message>
    <message>
        <source>Who calls</source>
        <translation>Quién reporta</translation>
    </message>
    <message>
        <source>Service</source>
        <translation>Servicio</translation>
    </message>
    <message>
        <source>Fault</source>
        <translation>Falla</translation>
    </message>
    <message>
        <source>Users affected</source>
        <translation>Usuarios afectados</translation>
    </message>
    <message>
        <source>Severity</source>
        <translation>Severidad</translation>
    </message>
    <message>
        <source>Reason to overrule</source>
        <translation>Motivo del cambio</translation>
    </message>
    <message>
        <source>Channel</source>
        <translation>Canal</translation>
    </message>
    <message>
        <source>Time of the notification (site time)</source>
        <translation>Hora del aviso (hora del sitio)</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Tipo</translation>
    </message>
    <message>
        <source>Description</source>
        <translation>Descripción</translation>
    </message>
    <message>
        <source>Register incident</source>
        <translation>Registrar incidente</translation>
    </message>
    <message>
        <source>This service already has an open incident: {numbers}</source>
        <translation>Este servicio ya tiene un incidente abierto: {numbers}</translation>
    </message>
    <message>
        <source>of {total}</source>
        <translation>de {total}</translation>
    </message>
    <message>
        <source>{severity}: response {response}, restoration {restoration}</source>
        <translation>{severity}: respuesta {response}, restablecimiento {restoration}</translation>
    </message>
    <message>
        <source>By hand: the rule says {severity}.</source>
        <translation>A mano: la regla indica {severity}.</translation>
    </message>
    <message>
        <source>Choose the service and say what is wrong.</source>
        <translation>Elija el servicio e indique la falla.</translation>
    </message>
</context>
<context>
    <name>RestoreForm</name>
    <message>
        <source>Go to checklist</source>
        <translation>Ir al checklist</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Volver</translation>
    </message>
    <message>
        <source>Service restored</source>
        <translation>Servicio restablecido</translation>
    </message>
    <message>
        <source>Cause</source>
        <translation>Causa</translation>
    </message>
    <message>
        <source>Solution</source>
        <translation>Solución</translation>
    </message>
    <message>
        <source>Whose infrastructure failed</source>
        <translation>De quién es la infraestructura que falló</translation>
    </message>
    <message>
        <source>Users affected</source>
        <translation>Usuarios afectados</translation>
    </message>
    <message>
        <source>Restored at (site time)</source>
        <translation>Hora de restablecimiento (hora del sitio)</translation>
    </message>
    <message>
        <source>Evidence of the attribution</source>
        <translation>Evidencia de la imputación</translation>
    </message>
    <message>
        <source>What was done</source>
        <translation>Qué se hizo</translation>
    </message>
    <message numerus="yes">
        <source>%n item(s) to answer or waive</source>
        <translation>
            <numerusform>%n punto por responder u omitir</numerusform>
            <numerusform>%n puntos por responder u omitir</numerusform>
        </translation>
    </message>
    <message>
        <source>Record resolution</source>
        <translation>Registrar resolución</translation>
    </message>
    <message>
        <source>due {time}</source>
        <translation>vence {time}</translation>
    </message>
    <message>
        <source>Reclassified: {old_class}, due {old} → {new_class}, due {new}</source>
        <translation>Reclasificación: {old_class}, vence {old} → {new_class}, vence {new}</translation>
    </message>
    <message>
        <source>{doubt}, as far as this laptop&apos;s clock knows</source>
        <translation>{doubt}, hasta donde sabe el reloj de esta laptop</translation>
    </message>
    <message>
        <source>{doubt}: that may be either side of the deadline, it will be reviewed</source>
        <translation>{doubt}: puede caer a un lado u otro del límite, se revisará</translation>
    </message>
</context>
<context>
    <name>SealedView</name>
    <message>
        <source>This laptop was shut out at the central</source>
        <translation>Esta laptop fue dada de baja en la central</translation>
    </message>
    <message>
        <source>Nobody can read the data on it any more. Your work is not lost: it is sealed for the central. Export it and hand the file to your administrator.</source>
        <translation>Ya nadie puede leer los datos que contiene. Su trabajo no se pierde: está sellado para la central. Expórtelo y entregue el archivo a su administrador.</translation>
    </message>
</context>
<context>
    <name>SearchBox</name>
    <message>
        <source>Clear the search</source>
        <translation>Borrar la búsqueda</translation>
    </message>
</context>
<context>
    <name>ServiceSearch</name>
    <message>
        <source>Customer, site, street, telephone or serial</source>
        <translation>Cliente, sitio, calle, teléfono o serie</translation>
    </message>
</context>
<context>
    <name>SessionCard</name>
    <message>
        <source>Signed in as {name}</source>
        <translation>Sesión iniciada: {name}</translation>
    </message>
    <message>
        <source>Synchronise first</source>
        <translation>Sincronizar primero</translation>
    </message>
    <message>
        <source>Sign out</source>
        <translation>Cerrar sesión</translation>
    </message>
    <message>
        <source>Export sealed package</source>
        <translation>Exportar paquete sellado</translation>
    </message>
    <message>
        <source>Somebody else</source>
        <translation>Otra persona</translation>
    </message>
    <message>
        <source>Sign out before everything is sent?</source>
        <translation>¿Cerrar sesión antes de enviar todo?</translation>
    </message>
    <message>
        <source>It stays on this laptop, encrypted, and is sent after you sign in here again. For that you need your password and a connection to the central. Where there will be none, export it first and hand the file to your administrator.</source>
        <translation>Se queda en esta laptop, cifrado, y se envía cuando vuelva a iniciar sesión aquí. Para eso necesita su contraseña y conexión con la central. Si no la habrá, expórtelo antes y entregue el archivo a su administrador.</translation>
    </message>
    <message>
        <source>Sign out all the same</source>
        <translation>Cerrar sesión de todos modos</translation>
    </message>
    <message>
        <source>Sign out?</source>
        <translation>¿Cerrar sesión?</translation>
    </message>
    <message>
        <source>To see your visits again you need your password and a connection to the central.</source>
        <translation>Para volver a ver sus visitas necesita su contraseña y conexión con la central.</translation>
    </message>
    <message>
        <source>Signing out…</source>
        <translation>Cerrando sesión…</translation>
    </message>
</context>
<context>
    <name>SettingsView</name>
    <message>
        <source>As the system</source>
        <translation>Como el sistema</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Claro</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Oscuro</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Idioma</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>Tema</translation>
    </message>
    <message>
        <source>Size of everything</source>
        <translation>Tamaño de la interfaz</translation>
    </message>
</context>
<context>
    <name>SidesTable</name>
    <message>
        <source>Yours</source>
        <translation>Su versión</translation>
    </message>
    <message>
        <source>In force</source>
        <translation>Vigente</translation>
    </message>
    <message>
        <source>{field} (differs)</source>
        <translation>{field} (distinto)</translation>
    </message>
    <message>
        <source>{field}: yours {mine}, in force {theirs}</source>
        <translation>{field}: su versión {mine}, vigente {theirs}</translation>
    </message>
    <message>
        <source>Visit</source>
        <translation>Visita</translation>
    </message>
    <message>
        <source>Incident</source>
        <translation>Incidente</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Motivo</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Nota</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Texto</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Hora</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Tipo</translation>
    </message>
    <message>
        <source>Restored</source>
        <translation>Restablecido</translation>
    </message>
    <message>
        <source>Failed again</source>
        <translation>Falló de nuevo</translation>
    </message>
    <message>
        <source>Measured</source>
        <translation>Medido</translation>
    </message>
    <message>
        <source>Measurement</source>
        <translation>Medición</translation>
    </message>
    <message>
        <source>Interface</source>
        <translation>Interfaz</translation>
    </message>
    <message>
        <source>Where it breaks</source>
        <translation>Dónde se rompe</translation>
    </message>
    <message>
        <source>Notice</source>
        <translation>Aviso</translation>
    </message>
    <message>
        <source>Attribution</source>
        <translation>Imputación</translation>
    </message>
    <message>
        <source>Cause</source>
        <translation>Causa</translation>
    </message>
    <message>
        <source>Solution</source>
        <translation>Solución</translation>
    </message>
    <message>
        <source>Affected users</source>
        <translation>Usuarios afectados</translation>
    </message>
    <message>
        <source>Severity</source>
        <translation>Severidad</translation>
    </message>
    <message>
        <source>Evidence</source>
        <translation>Evidencia</translation>
    </message>
    <message>
        <source>Technician</source>
        <translation>Técnico</translation>
    </message>
    <message>
        <source>Window from</source>
        <translation>Ventana desde</translation>
    </message>
    <message>
        <source>Window to</source>
        <translation>Ventana hasta</translation>
    </message>
    <message>
        <source>Item</source>
        <translation>Punto</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Resultado</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Valor</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>Título</translation>
    </message>
    <message>
        <source>Description</source>
        <translation>Descripción</translation>
    </message>
    <message>
        <source>Channel</source>
        <translation>Canal</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>Nivel</translation>
    </message>
    <message>
        <source>How</source>
        <translation>Medio</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Nombre</translation>
    </message>
    <message>
        <source>Bytes</source>
        <translation>Bytes</translation>
    </message>
    <message>
        <source>Field</source>
        <translation>Campo</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>Antes</translation>
    </message>
    <message>
        <source>After</source>
        <translation>Después</translation>
    </message>
    <message>
        <source>Old serial number</source>
        <translation>Serie anterior</translation>
    </message>
    <message>
        <source>New serial number</source>
        <translation>Serie nueva</translation>
    </message>
    <message>
        <source>Old MAC</source>
        <translation>MAC anterior</translation>
    </message>
    <message>
        <source>New MAC</source>
        <translation>MAC nueva</translation>
    </message>
</context>
<context>
    <name>SignInView</name>
    <message>
        <source>Sign in</source>
        <translation>Iniciar sesión</translation>
    </message>
    <message>
        <source>Back to my work</source>
        <translation>Volver a mi trabajo</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Idioma</translation>
    </message>
    <message>
        <source>Your visits, with or without the Internet.</source>
        <translation>Sus visitas, con o sin Internet.</translation>
    </message>
    <message>
        <source>Central</source>
        <translation>Central</translation>
    </message>
    <message>
        <source>User</source>
        <translation>Usuario</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>Contraseña</translation>
    </message>
    <message>
        <source>Fill in central, user and password.</source>
        <translation>Escriba central, usuario y contraseña.</translation>
    </message>
</context>
<context>
    <name>Stepper</name>
    <message>
        <source>Step {number} of {count}: {step}</source>
        <translation>Paso {number} de {count}: {step}</translation>
    </message>
    <message>
        <source>All {count} steps done</source>
        <translation>Los {count} pasos completos</translation>
    </message>
</context>
<context>
    <name>SummaryTab</name>
    <message>
        <source>About the visit</source>
        <translation>Sobre la visita</translation>
    </message>
    <message>
        <source>Site</source>
        <translation>Sitio</translation>
    </message>
    <message>
        <source>Service</source>
        <translation>Servicio</translation>
    </message>
    <message>
        <source>Not known on this laptop yet.</source>
        <translation>Aún no se conoce en esta laptop.</translation>
    </message>
    <message numerus="yes">
        <source>%n user(s)</source>
        <translation>
            <numerusform>%n usuario</numerusform>
            <numerusform>%n usuarios</numerusform>
        </translation>
    </message>
    <message>
        <source>router of the operator</source>
        <translation>router del operador</translation>
    </message>
    <message>
        <source>router of the customer</source>
        <translation>router del cliente</translation>
    </message>
    <message>
        <source>own access</source>
        <translation>acceso propio</translation>
    </message>
    <message>
        <source>allied access</source>
        <translation>acceso de aliado</translation>
    </message>
    <message>
        <source>Availability this month {share}, {minutes} min left</source>
        <translation>Disponibilidad del mes {share}, restan {minutes} min</translation>
    </message>
    <message>
        <source>Availability this month {share}, exceeded by {minutes} min</source>
        <translation>Disponibilidad del mes {share}, excedida por {minutes} min</translation>
    </message>
    <message>
        <source>Clock stops and exclusions</source>
        <translation>Paradas de reloj y exclusiones</translation>
    </message>
    <message>
        <source>exclusion proposed</source>
        <translation>exclusión propuesta</translation>
    </message>
    <message>
        <source>exclusion confirmed</source>
        <translation>exclusión confirmada</translation>
    </message>
    <message>
        <source>exclusion refused</source>
        <translation>exclusión rechazada</translation>
    </message>
    <message>
        <source>Contacts of the region</source>
        <translation>Contactos de la región</translation>
    </message>
    <message>
        <source>None for this region.</source>
        <translation>Ninguno en esta región.</translation>
    </message>
    <message>
        <source>Escalation</source>
        <translation>Escalamiento</translation>
    </message>
    <message>
        <source>done {time}</source>
        <translation>hecho {time}</translation>
    </message>
    <message>
        <source>Service to be restored by {time}</source>
        <translation>Servicio por restablecer antes de: {time}</translation>
    </message>
    <message>
        <source>Copied: {address}</source>
        <translation>Copiado: {address}</translation>
    </message>
    <message>
        <source>No program on this laptop opens it.</source>
        <translation>Ningún programa de esta laptop lo abre.</translation>
    </message>
</context>
<context>
    <name>SyncLine</name>
    <message numerus="yes">
        <source>%n refused</source>
        <translation>
            <numerusform>%n rechazado</numerusform>
            <numerusform>%n rechazados</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n change(s) to send</source>
        <translation>
            <numerusform>%n cambio por enviar</numerusform>
            <numerusform>%n cambios por enviar</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) to send</source>
        <translation>
            <numerusform>%n archivo por enviar</numerusform>
            <numerusform>%n archivos por enviar</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) put aside</source>
        <translation>
            <numerusform>%n archivo apartado</numerusform>
            <numerusform>%n archivos apartados</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n change(s) not at the central yet</source>
        <translation>
            <numerusform>%n cambio aún no está en la central</numerusform>
            <numerusform>%n cambios aún no están en la central</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) not at the central yet</source>
        <translation>
            <numerusform>%n archivo aún no está en la central</numerusform>
            <numerusform>%n archivos aún no están en la central</numerusform>
        </translation>
    </message>
    <message>
        <source>Synchronising…</source>
        <translation>Sincronizando…</translation>
    </message>
    <message>
        <source>Not synchronised yet</source>
        <translation>Aún sin sincronizar</translation>
    </message>
    <message>
        <source>All sent</source>
        <translation>Todo enviado</translation>
    </message>
    <message>
        <source>The time is this laptop&apos;s own: it has not been compared with the central yet.</source>
        <translation>La hora es la de esta laptop: aún no se ha comparado con la central.</translation>
    </message>
    <message>
        <source>This laptop was restarted and has not reached the central since: the time goes by its own clock, {doubt}.</source>
        <translation>Esta laptop se reinició y no ha alcanzado la central desde entonces: la hora va por su propio reloj, {doubt}.</translation>
    </message>
    <message>
        <source>This laptop&apos;s clock is {time} ahead.</source>
        <translation>El reloj de esta laptop va {time} adelantado.</translation>
    </message>
    <message>
        <source>This laptop&apos;s clock is {time} behind.</source>
        <translation>El reloj de esta laptop va {time} atrasado.</translation>
    </message>
    <message>
        <source>Times here are the central&apos;s; restorations are reviewed.</source>
        <translation>Aquí las horas son las de la central; los restablecimientos se revisan.</translation>
    </message>
    <message>
        <source>The time here is right {doubt}.</source>
        <translation>La hora aquí es correcta {doubt}.</translation>
    </message>
    <message>
        <source>Without a contact it stays open until {when}.</source>
        <translation>Sin contacto se mantiene abierta hasta el {when}.</translation>
    </message>
    <message>
        <source>This laptop&apos;s clock was set back: what is left is uncertain and counted from the latest time it has shown.</source>
        <translation>El reloj de esta laptop se atrasó: lo que queda es incierto y se cuenta desde la última hora que mostró.</translation>
    </message>
    <message>
        <source>Network not connected</source>
        <translation>Red sin conexión</translation>
    </message>
    <message>
        <source>Captive portal</source>
        <translation>Portal cautivo</translation>
    </message>
    <message>
        <source>Laptop revoked</source>
        <translation>Laptop revocada</translation>
    </message>
    <message>
        <source>Sign in again</source>
        <translation>Inicie sesión de nuevo</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>Detenida</translation>
    </message>
    <message>
        <source>No connection</source>
        <translation>Sin conexión</translation>
    </message>
    <message>
        <source>The central has not been reached yet.</source>
        <translation>Aún no se ha contactado a la central.</translation>
    </message>
    <message>
        <source>Last contact {when} ({ago} ago)</source>
        <translation>Último contacto: {when} (hace {ago})</translation>
    </message>
</context>
<context>
    <name>SyncRun</name>
    <message>
        <source>Stop</source>
        <translation>Detener</translation>
    </message>
    <message>
        <source>Synchronise now</source>
        <translation>Sincronizar ahora</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>Deteniendo…</translation>
    </message>
    <message>
        <source>Sending: {sent} of {all}</source>
        <translation>Enviando: {sent} de {all}</translation>
    </message>
    <message>
        <source>Receiving: {rows} records so far</source>
        <translation>Recibiendo: {rows} registros hasta ahora</translation>
    </message>
    <message>
        <source>Receiving…</source>
        <translation>Recibiendo…</translation>
    </message>
    <message>
        <source>Bringing the lists up to date…</source>
        <translation>Actualizando las listas…</translation>
    </message>
    <message>
        <source>Asking the central…</source>
        <translation>Consultando a la central…</translation>
    </message>
</context>
<context>
    <name>SyncView</name>
    <message>
        <source>Synchronisation</source>
        <translation>Sincronización</translation>
    </message>
    <message>
        <source>Nothing waits</source>
        <translation>Nada pendiente</translation>
    </message>
    <message>
        <source>All your work is at the central.</source>
        <translation>Todo su trabajo está en la central.</translation>
    </message>
    <message>
        <source>The key of this laptop&apos;s data is in the system&apos;s keyring.</source>
        <translation>La clave de los datos de esta laptop está en el llavero del sistema.</translation>
    </message>
    <message>
        <source>Without a keyring, the key of this laptop&apos;s data is in {place}.</source>
        <translation>Sin llavero, la clave de los datos de esta laptop está en {place}.</translation>
    </message>
    <message>
        <source>Where a keyring works now: fieldtech keys --to-keyring</source>
        <translation>Si ya funciona un llavero: fieldtech keys --to-keyring</translation>
    </message>
    <message>
        <source>A PIN or passphrase stands before it.</source>
        <translation>La protege un PIN o una frase de contraseña.</translation>
    </message>
    <message>
        <source>Put a passphrase before it: see the settings.</source>
        <translation>Póngale una frase de contraseña en los ajustes.</translation>
    </message>
    <message>
        <source>Refused by the central</source>
        <translation>Rechazado por la central</translation>
    </message>
    <message>
        <source>Waiting to be sent</source>
        <translation>Por enviar</translation>
    </message>
    <message>
        <source>Accepted by the central last</source>
        <translation>Lo último que aceptó la central</translation>
    </message>
    <message numerus="yes">
        <source>Show %n more</source>
        <translation>
            <numerusform>Mostrar %n más</numerusform>
            <numerusform>Mostrar %n más</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TechnicianDelegate</name>
    <message numerus="yes">
        <source>%n visit(s)</source>
        <translation>
            <numerusform>%n visita</numerusform>
            <numerusform>%n visitas</numerusform>
        </translation>
    </message>
    <message>
        <source>on site</source>
        <translation>en sitio</translation>
    </message>
</context>
<context>
    <name>TopBar</name>
    <message>
        <source>Synchronise</source>
        <translation>Sincronizar</translation>
    </message>
</context>
<context>
    <name>UnlockView</name>
    <message>
        <source>PIN</source>
        <translation>PIN</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>Frase de contraseña</translation>
    </message>
    <message>
        <source>Locked</source>
        <translation>Bloqueado</translation>
    </message>
    <message>
        <source>Unlock</source>
        <translation>Desbloquear</translation>
    </message>
    <message>
        <source>The work of {name} is locked.</source>
        <translation>El trabajo de {name} está bloqueado.</translation>
    </message>
    <message>
        <source>Locked.</source>
        <translation>Bloqueado.</translation>
    </message>
    <message>
        <source>Somebody else</source>
        <translation>Otra persona</translation>
    </message>
    <message>
        <source>Forgotten? The work can still leave this laptop.</source>
        <translation>¿Lo olvidó? El trabajo aún puede salir de esta laptop.</translation>
    </message>
</context>
<context>
    <name>VisitBody</name>
    <message>
        <source>Parts of the visit</source>
        <translation>Partes de la visita</translation>
    </message>
    <message>
        <source>Visit</source>
        <translation>Visita</translation>
    </message>
    <message>
        <source>Checklist</source>
        <translation>Checklist</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>Notas</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>Archivos</translation>
    </message>
</context>
<context>
    <name>VisitCardDelegate</name>
    <message numerus="yes">
        <source>%n visit(s)</source>
        <translation>
            <numerusform>%n visita</numerusform>
            <numerusform>%n visitas</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n major</source>
        <translation>
            <numerusform>%n mayor</numerusform>
            <numerusform>%n mayores</numerusform>
        </translation>
    </message>
    <message>
        <source>refused</source>
        <translation>cambio rechazado</translation>
    </message>
    <message numerus="yes">
        <source>%n to send</source>
        <translation>
            <numerusform>%n por enviar</numerusform>
            <numerusform>%n por enviar</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>VisitHeader</name>
    <message>
        <source>Refused by the central</source>
        <translation>Rechazado por la central</translation>
    </message>
    <message numerus="yes">
        <source>%n to send</source>
        <translation>
            <numerusform>%n por enviar</numerusform>
            <numerusform>%n por enviar</numerusform>
        </translation>
    </message>
    <message>
        <source>to acknowledge</source>
        <translation>para acuse</translation>
    </message>
    <message>
        <source>to restore</source>
        <translation>para restablecer</translation>
    </message>
    <message>
        <source>Restored in {time}</source>
        <translation>Restablecido en {time}</translation>
    </message>
    <message>
        <source>margin {time}</source>
        <translation>margen {time}</translation>
    </message>
    <message>
        <source>late by {time}</source>
        <translation>tarde por {time}</translation>
    </message>
    <message>
        <source>Due {time}</source>
        <translation>Vence {time}</translation>
    </message>
    <message>
        <source>Restored {time} · report {reported}</source>
        <translation>Restablecido {time} · reporte {reported}</translation>
    </message>
    <message>
        <source>Report {reported}</source>
        <translation>Reporte {reported}</translation>
    </message>
    <message>
        <source>Acknowledge by {time} · report {reported}</source>
        <translation>Acuse antes de {time} · reporte {reported}</translation>
    </message>
    <message>
        <source>Due {time} · report {reported}</source>
        <translation>Vence {time} · reporte {reported}</translation>
    </message>
    <message>
        <source>Acknowledged after {time}</source>
        <translation>Acuse en {time}</translation>
    </message>
    <message>
        <source>Escalates to {role} in {time}</source>
        <translation>Escala a {role} en {time}</translation>
    </message>
</context>
<context>
    <name>VisitPanel</name>
    <message>
        <source>Agenda</source>
        <translation>Agenda</translation>
    </message>
    <message>
        <source>Choose a visit from the list.</source>
        <translation>Elija una visita de la lista.</translation>
    </message>
    <message>
        <source>This incident is no longer on this laptop.</source>
        <translation>Este incidente ya no está en esta laptop.</translation>
    </message>
</context>
<context>
    <name>Words</name>
    <message>
        <source>Major fault</source>
        <translation>Falla Mayor</translation>
    </message>
    <message>
        <source>Minor fault</source>
        <translation>Falla Menor</translation>
    </message>
    <message>
        <source>Administrative</source>
        <translation>Administrativo</translation>
    </message>
    <message>
        <source>Reported</source>
        <translation>Reportado</translation>
    </message>
    <message>
        <source>Acknowledged</source>
        <translation>Con acuse</translation>
    </message>
    <message>
        <source>In progress</source>
        <translation>En proceso</translation>
    </message>
    <message>
        <source>Pending</source>
        <translation>Pendiente</translation>
    </message>
    <message>
        <source>Restored</source>
        <translation>Restablecido</translation>
    </message>
    <message>
        <source>Closed</source>
        <translation>Cerrado</translation>
    </message>
    <message>
        <source>Rejected</source>
        <translation>Rechazado</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>Cancelado</translation>
    </message>
    <message>
        <source>Duplicate</source>
        <translation>Duplicado</translation>
    </message>
    <message>
        <source>Assigned</source>
        <translation>Asignada</translation>
    </message>
    <message>
        <source>Accepted</source>
        <translation>Aceptada</translation>
    </message>
    <message>
        <source>On the way</source>
        <translation>En camino</translation>
    </message>
    <message>
        <source>On site</source>
        <translation>En sitio</translation>
    </message>
    <message>
        <source>Away</source>
        <translation>Fuera del sitio</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Concluida</translation>
    </message>
    <message>
        <source>Could not be done</source>
        <translation>No se pudo realizar</translation>
    </message>
    <message>
        <source>Declined</source>
        <translation>Declinada</translation>
    </message>
    <message>
        <source>Reassigned</source>
        <translation>Reasignada</translation>
    </message>
    <message>
        <source>Abandoned</source>
        <translation>Abandonada</translation>
    </message>
    <message>
        <source>Own network</source>
        <translation>Red propia</translation>
    </message>
    <message>
        <source>Allied network</source>
        <translation>Red del aliado</translation>
    </message>
    <message>
        <source>Customer&apos;s installation</source>
        <translation>Instalación del cliente</translation>
    </message>
    <message>
        <source>Third party</source>
        <translation>Tercero</translation>
    </message>
    <message>
        <source>Planned work</source>
        <translation>Mantenimiento programado</translation>
    </message>
    <message>
        <source>Undetermined</source>
        <translation>Por determinar</translation>
    </message>
    <message>
        <source>Pass</source>
        <translation>Correcto</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>Advertencia</translation>
    </message>
    <message>
        <source>Fail</source>
        <translation>Falla</translation>
    </message>
    <message>
        <source>Not measurable here</source>
        <translation>No medible aquí</translation>
    </message>
    <message>
        <source>Does not apply</source>
        <translation>No aplica</translation>
    </message>
    <message>
        <source>Waived</source>
        <translation>Omitido</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>En curso</translation>
    </message>
    <message>
        <source>About to expire</source>
        <translation>Por vencer</translation>
    </message>
    <message>
        <source>Breached</source>
        <translation>Vencido</translation>
    </message>
    <message>
        <source>Met</source>
        <translation>Cumplido</translation>
    </message>
    <message>
        <source>Missed</source>
        <translation>Incumplido</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>En pausa</translation>
    </message>
    <message>
        <source>Excluded</source>
        <translation>Excluido</translation>
    </message>
    <message>
        <source>No clock</source>
        <translation>Sin cronómetro</translation>
    </message>
    <message>
        <source>Telephone</source>
        <translation>Teléfono</translation>
    </message>
    <message>
        <source>E-mail</source>
        <translation>Correo</translation>
    </message>
    <message>
        <source>WhatsApp</source>
        <translation>WhatsApp</translation>
    </message>
    <message>
        <source>Portal</source>
        <translation>Portal</translation>
    </message>
    <message>
        <source>fibre</source>
        <translation>fibra</translation>
    </message>
    <message>
        <source>radio link</source>
        <translation>radioenlace</translation>
    </message>
    <message>
        <source>LAN</source>
        <translation>LAN</translation>
    </message>
    <message>
        <source>WiFi</source>
        <translation>WiFi</translation>
    </message>
    <message>
        <source>SIP</source>
        <translation>SIP</translation>
    </message>
    <message>
        <source>Fault reported from the field</source>
        <translation>Falla reportada desde campo</translation>
    </message>
    <message>
        <source>Incident registered</source>
        <translation>Incidente registrado</translation>
    </message>
    <message>
        <source>Incident acknowledged</source>
        <translation>Acuse del incidente</translation>
    </message>
    <message>
        <source>Severity reclassified</source>
        <translation>Severidad reclasificada</translation>
    </message>
    <message>
        <source>Clock stop recorded</source>
        <translation>Parada de reloj registrada</translation>
    </message>
    <message>
        <source>Work resumed</source>
        <translation>Trabajo reanudado</translation>
    </message>
    <message>
        <source>Service restored</source>
        <translation>Servicio restablecido</translation>
    </message>
    <message>
        <source>Restoration time recorded</source>
        <translation>Hora de restablecimiento registrada</translation>
    </message>
    <message>
        <source>Restoration time corrected</source>
        <translation>Hora de restablecimiento corregida</translation>
    </message>
    <message>
        <source>It failed again</source>
        <translation>Volvió a fallar</translation>
    </message>
    <message>
        <source>Incident closed</source>
        <translation>Incidente cerrado</translation>
    </message>
    <message>
        <source>Incident cancelled</source>
        <translation>Incidente cancelado</translation>
    </message>
    <message>
        <source>Incident rejected</source>
        <translation>Incidente rechazado</translation>
    </message>
    <message>
        <source>Marked as duplicate</source>
        <translation>Marcado como duplicado</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Nota</translation>
    </message>
    <message>
        <source>Visit assigned</source>
        <translation>Visita asignada</translation>
    </message>
    <message>
        <source>Visit reassigned</source>
        <translation>Visita reasignada</translation>
    </message>
    <message>
        <source>Visit accepted</source>
        <translation>Visita aceptada</translation>
    </message>
    <message>
        <source>Visit declined</source>
        <translation>Visita declinada</translation>
    </message>
    <message>
        <source>Travel started</source>
        <translation>Traslado iniciado</translation>
    </message>
    <message>
        <source>Arrived at the site</source>
        <translation>Llegada al sitio</translation>
    </message>
    <message>
        <source>Left the site</source>
        <translation>Salida del sitio</translation>
    </message>
    <message>
        <source>Back at the site</source>
        <translation>Regreso al sitio</translation>
    </message>
    <message>
        <source>Visit finished</source>
        <translation>Visita concluida</translation>
    </message>
    <message>
        <source>Visit could not be done</source>
        <translation>Visita no realizada</translation>
    </message>
    <message>
        <source>Visit cancelled</source>
        <translation>Visita cancelada</translation>
    </message>
    <message>
        <source>Visit abandoned</source>
        <translation>Visita abandonada</translation>
    </message>
    <message>
        <source>Another visit requested</source>
        <translation>Otra visita solicitada</translation>
    </message>
    <message>
        <source>Companion added</source>
        <translation>Acompañante agregado</translation>
    </message>
    <message>
        <source>Time recorded</source>
        <translation>Hora registrada</translation>
    </message>
    <message>
        <source>Time corrected</source>
        <translation>Hora corregida</translation>
    </message>
    <message>
        <source>Checklist answer</source>
        <translation>Respuesta de la lista</translation>
    </message>
    <message>
        <source>Network measured</source>
        <translation>Red medida</translation>
    </message>
    <message>
        <source>Checklist item waived</source>
        <translation>Punto de la lista omitido</translation>
    </message>
    <message>
        <source>Exclusion proposed</source>
        <translation>Exclusión propuesta</translation>
    </message>
    <message>
        <source>Exclusion confirmed</source>
        <translation>Exclusión confirmada</translation>
    </message>
    <message>
        <source>Exclusion refused</source>
        <translation>Exclusión rechazada</translation>
    </message>
    <message>
        <source>Escalation recorded</source>
        <translation>Escalamiento registrado</translation>
    </message>
    <message>
        <source>Correction proposed</source>
        <translation>Corrección propuesta</translation>
    </message>
    <message>
        <source>File attached</source>
        <translation>Archivo adjunto</translation>
    </message>
    <message>
        <source>Equipment replaced</source>
        <translation>Equipo reemplazado</translation>
    </message>
    <message>
        <source>Accept visit</source>
        <translation>Aceptar visita</translation>
    </message>
    <message>
        <source>Decline</source>
        <translation>Declinar</translation>
    </message>
    <message>
        <source>Start travel</source>
        <translation>Iniciar traslado</translation>
    </message>
    <message>
        <source>I have arrived</source>
        <translation>Ya llegué</translation>
    </message>
    <message>
        <source>Leave the site</source>
        <translation>Salir del sitio</translation>
    </message>
    <message>
        <source>I am back</source>
        <translation>Ya regresé</translation>
    </message>
    <message>
        <source>Finish visit</source>
        <translation>Concluir visita</translation>
    </message>
    <message>
        <source>Cancel visit</source>
        <translation>Cancelar visita</translation>
    </message>
    <message>
        <source>Visit abandoned (laptop lost)</source>
        <translation>Dar por abandonada (laptop perdida)</translation>
    </message>
    <message>
        <source>Request another visit</source>
        <translation>Solicitar otra visita</translation>
    </message>
    <message>
        <source>Clock stop</source>
        <translation>Parada de reloj</translation>
    </message>
    <message>
        <source>Resume work</source>
        <translation>Reanudar trabajo</translation>
    </message>
    <message>
        <source>Record resolution</source>
        <translation>Registrar resolución</translation>
    </message>
    <message>
        <source>Close incident</source>
        <translation>Cerrar incidente</translation>
    </message>
    <message>
        <source>Acknowledge</source>
        <translation>Dar acuse</translation>
    </message>
    <message>
        <source>Cancel incident</source>
        <translation>Cancelar incidente</translation>
    </message>
    <message>
        <source>Reject</source>
        <translation>Rechazar</translation>
    </message>
    <message>
        <source>It is the same fault as…</source>
        <translation>Es la misma falla que…</translation>
    </message>
    <message>
        <source>I escalated by phone</source>
        <translation>Escalé por teléfono</translation>
    </message>
    <message>
        <source>Propose exclusion</source>
        <translation>Proponer exclusión</translation>
    </message>
    <message>
        <source>Confirm exclusion</source>
        <translation>Confirmar exclusión</translation>
    </message>
    <message>
        <source>Refuse exclusion</source>
        <translation>Rechazar exclusión</translation>
    </message>
    <message>
        <source>Restored {time}</source>
        <translation>Restablecido {time}</translation>
    </message>
    <message>
        <source>time to be reviewed</source>
        <translation>hora por revisar</translation>
    </message>
    <message>
        <source>System</source>
        <translation>Sistema</translation>
    </message>
</context>
<context>
    <name>_Waiting</name>
    <message>
        <source>Signing in</source>
        <translation>Iniciando sesión</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Signing in and loading your work. The first time takes longer.</source>
        <translation>Iniciando sesión y cargando su trabajo. La primera vez tarda más.</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>Deteniendo…</translation>
    </message>
</context>
</TS>
