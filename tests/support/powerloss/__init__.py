"""Power cuts, kill -9 and failing disks under the real store, by a preloaded library.

``shim.c`` is the library, ``building`` makes it and starts a process under it, ``control`` steers
it from inside that process, ``events`` reads what it recorded and ``disk`` tells what a disk may
hold after a power cut. Modules named ``child_…`` are what runs under it.
"""
