<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>BannerQueue</name>
    <message numerus="yes">
        <source>+%n more</source>
        <translation>
            <numerusform>+%n more</numerusform>
            <numerusform>+%n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>BlackBoxCard</name>
    <message numerus="yes">
        <source>%n damaged record(s)</source>
        <translation>
            <numerusform>%n damaged record</numerusform>
            <numerusform>%n damaged records</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n piece(s) of work, sealed beside the data.</source>
        <translation>
            <numerusform>%n piece of work, sealed beside the data.</numerusform>
            <numerusform>%n pieces of work, sealed beside the data.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n of them only this laptop can open, until it has met the central.</source>
        <translation>
            <numerusform>%n of them only this laptop can open, until it has met the central.</numerusform>
            <numerusform>%n of them only this laptop can open, until it has met the central.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>What the central confirmed is deleted from here %n day(s) later.</source>
        <translation>
            <numerusform>What the central confirmed is deleted from here %n day later.</numerusform>
            <numerusform>What the central confirmed is deleted from here %n days later.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DeskLife</name>
    <message numerus="yes">
        <source>%n piece(s) of work to send are there again.</source>
        <translation>
            <numerusform>%n piece of work to send is there again.</numerusform>
            <numerusform>%n pieces of work to send are there again.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n deadline(s) near or past</source>
        <translation>
            <numerusform>%n deadline near or past</numerusform>
            <numerusform>%n deadlines near or past</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FilesCard</name>
    <message numerus="yes">
        <source>%n file(s) to send</source>
        <translation>
            <numerusform>%n file to send</numerusform>
            <numerusform>%n files to send</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n put aside</source>
        <translation>
            <numerusform>%n put aside</numerusform>
            <numerusform>%n put aside</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>HandOver</name>
    <message numerus="yes">
        <source>%n piece(s) of work are sealed here for the central.</source>
        <translation>
            <numerusform>%n piece of work is sealed here for the central.</numerusform>
            <numerusform>%n pieces of work are sealed here for the central.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n of them only this laptop can open, for it had not met the central yet: the package carries them, nobody can read them without this laptop&apos;s key.</source>
        <translation>
            <numerusform>%n of them only this laptop can open, for it had not met the central yet: the package carries it, nobody can read it without this laptop&apos;s key.</numerusform>
            <numerusform>%n of them only this laptop can open, for it had not met the central yet: the package carries them, nobody can read them without this laptop&apos;s key.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MapCanvas</name>
    <message numerus="yes">
        <source>Map with %n visit(s)</source>
        <translation>
            <numerusform>Map with %n visit</numerusform>
            <numerusform>Map with %n visits</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n visit(s)</source>
        <translation>
            <numerusform>%n visit</numerusform>
            <numerusform>%n visits</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>NewLockFields</name>
    <message numerus="yes">
        <source>%n more character(s)</source>
        <translation>
            <numerusform>%n more character</numerusform>
            <numerusform>%n more characters</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RegionChoice</name>
    <message numerus="yes">
        <source>%n unassigned</source>
        <translation>
            <numerusform>%n unassigned</numerusform>
            <numerusform>%n unassigned</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RegionDelegate</name>
    <message numerus="yes">
        <source>%n open incident(s)</source>
        <translation>
            <numerusform>%n open incident</numerusform>
            <numerusform>%n open incidents</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n unassigned</source>
        <translation>
            <numerusform>%n unassigned</numerusform>
            <numerusform>%n unassigned</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RestoreForm</name>
    <message numerus="yes">
        <source>%n item(s) to answer or waive</source>
        <translation>
            <numerusform>%n item to answer or waive</numerusform>
            <numerusform>%n items to answer or waive</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SummaryTab</name>
    <message numerus="yes">
        <source>%n user(s)</source>
        <translation>
            <numerusform>%n user</numerusform>
            <numerusform>%n users</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SyncLine</name>
    <message numerus="yes">
        <source>%n refused</source>
        <translation>
            <numerusform>%n refused</numerusform>
            <numerusform>%n refused</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n change(s) to send</source>
        <translation>
            <numerusform>%n change to send</numerusform>
            <numerusform>%n changes to send</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) to send</source>
        <translation>
            <numerusform>%n file to send</numerusform>
            <numerusform>%n files to send</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) put aside</source>
        <translation>
            <numerusform>%n file put aside</numerusform>
            <numerusform>%n files put aside</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n change(s) not at the central yet</source>
        <translation>
            <numerusform>%n change not at the central yet</numerusform>
            <numerusform>%n changes not at the central yet</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) not at the central yet</source>
        <translation>
            <numerusform>%n file not at the central yet</numerusform>
            <numerusform>%n files not at the central yet</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SyncView</name>
    <message numerus="yes">
        <source>Show %n more</source>
        <translation>
            <numerusform>Show %n more</numerusform>
            <numerusform>Show %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TechnicianDelegate</name>
    <message numerus="yes">
        <source>%n visit(s)</source>
        <translation>
            <numerusform>%n visit</numerusform>
            <numerusform>%n visits</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>VisitCardDelegate</name>
    <message numerus="yes">
        <source>%n visit(s)</source>
        <translation>
            <numerusform>%n visit</numerusform>
            <numerusform>%n visits</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n major</source>
        <translation>
            <numerusform>%n major</numerusform>
            <numerusform>%n major</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n to send</source>
        <translation>
            <numerusform>%n to send</numerusform>
            <numerusform>%n to send</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>VisitHeader</name>
    <message numerus="yes">
        <source>%n to send</source>
        <translation>
            <numerusform>%n to send</numerusform>
            <numerusform>%n to send</numerusform>
        </translation>
    </message>
</context>
</TS>
