#!/bin/sh
# What udhcpc calls with each thing that happens. $LAB_FOLDER is where the lab looks for the lease;
# /run, which is the lab's own, is where the product looks, as systemd-networkd leaves it there.
known=/run/systemd/netif/leases
forget() {
    ip -4 address flush dev "$interface" scope global
    : > "$LAB_FOLDER/resolv.conf"
    rm -f "$LAB_FOLDER/lease.env" "$known"/*
}
case "$1" in
deconfig)
    forget
    ip link set "$interface" up
    ;;
bound | renew)
    ip address replace "$ip/${mask:-24}" dev "$interface"
    for way in $router; do
        ip route replace default via "$way" dev "$interface"
        break
    done
    for server in $dns; do
        echo "nameserver $server"
    done > "$LAB_FOLDER/resolv.conf"
    mkdir -p "$known"
    {
        echo "ADDRESS=$ip"
        echo "NETMASK=$subnet"
        echo "ROUTER=$router"
        echo "SERVER_ADDRESS=$serverid"
        echo "LIFETIME=$lease"
        echo "DNS=$dns"
    } > "$known/$(cat "/sys/class/net/$interface/ifindex")"
    for key in interface ip mask subnet router dns serverid lease; do
        eval "echo \"$key=\$$key\""
    done > "$LAB_FOLDER/lease.new"
    mv "$LAB_FOLDER/lease.new" "$LAB_FOLDER/lease.env"
    ;;
esac
