"""A customer's network in Linux network namespaces, healthy or with one of the known faults.

laptop ``lan0`` - router (bridge ``br-lan``, NAT on ``wan0``) - wire - provider ``cust0``; see
``lab.world`` to build it, ``lab.faults`` to break it, ``lab.services`` for what answers in it.
"""
