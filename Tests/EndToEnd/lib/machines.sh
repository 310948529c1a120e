# shellcheck shell=bash
# Machines made of network namespaces: each has its own address on one switch, and its link can be cut, both ways or one
# way, without either side being told. Needs root. Sourced after deploy/lib/common.sh.
#
# The switch is a bridge in a namespace of its own: a firewall for bridges on this machine, docker's for one, has no
# say there.

net_id=$((BASHPID % 9000 + 1000))
net_prefix=10.$((200 + net_id % 50)).$((net_id / 50 % 250))
net_switch=storm-drill-$net_id-switch
net_host_link=sd$net_id
# The address of no card.
net_nobody=02:00:00:00:00:01
declare -A machine_number=()
# Machines with rules of a firewall.
declare -A machine_filtered=()

need_network() {
    ((EUID == 0)) || die "network namespaces need root"
    command -v ip tc nsenter ss iptables >/dev/null || need_packages iproute2 util-linux iptables
}
# Containers often may not make network namespaces, even as root.
network_is_possible() {
    ((EUID == 0)) || return 1
    local probe=storm-drill-probe-$net_id status=0
    ip netns add "$probe" 2>/dev/null || return 1
    ip -n "$probe" link add switch type bridge 2>/dev/null || status=1
    ip netns del "$probe"
    return "$status"
}

network_up() {
    ip netns add "$net_switch"
    ip -n "$net_switch" link add switch type bridge
    ip -n "$net_switch" link set switch up
    ip link add "$net_host_link" type veth peer name host netns "$net_switch"
    ip -n "$net_switch" link set host master switch up
    ip addr add "$net_prefix.1/24" dev "$net_host_link"
    ip link set "$net_host_link" up
}

# machine_add NAME: with address, loopback and a link to the switch.
machine_add() {
    local number=$((${#machine_number[@]} + 11)) ns
    machine_number[$1]=$number
    ns=$(machine_ns "$1")
    ip netns add "$ns"
    ip -n "$net_switch" link add "$1" type veth peer name eth0 netns "$ns"
    ip -n "$net_switch" link set "$1" master switch up
    ip -n "$ns" link set lo up
    ip -n "$ns" addr add "$net_prefix.$number/24" dev eth0
    ip -n "$ns" link set eth0 up
}

machine_ns() { printf 'storm-drill-%s-%s\n' "$net_id" "$1"; }
machine_ip() { printf '%s.%s\n' "$net_prefix" "${machine_number[$1]}"; }
on_machine() { nsenter "--net=/run/netns/$(machine_ns "$1")" "${@:2}"; }

# What is cut is lost silently, like the packets of a machine whose cable was pulled.
machine_cut() { ip -n "$net_switch" link set "$1" nomaster; }
# Nothing comes out of the machine any more, but it hears everything.
machine_cut_out() { on_machine "$1" tc qdisc replace dev eth0 root blackhole; }
# Nothing reaches the machine any more, but it is heard.
machine_cut_in() { tc -n "$net_switch" qdisc replace dev "$1" root blackhole; }
machine_mend() {
    ip -n "$net_switch" link set "$1" master switch
    on_machine "$1" tc qdisc replace dev eth0 root pfifo
    tc -n "$net_switch" qdisc replace dev "$1" root pfifo
    ip -n "$(machine_ns "$1")" neigh flush nud permanent dev eth0
    process_mend "$1"
}

# link_cut A B: the two cannot reach each other, and both reach all others: each sends what is for the other one to a card
# that nobody has.
link_cut() {
    ip -n "$(machine_ns "$1")" neigh replace "$(machine_ip "$2")" lladdr "$net_nobody" nud permanent dev eth0
    ip -n "$(machine_ns "$2")" neigh replace "$(machine_ip "$1")" lladdr "$net_nobody" nud permanent dev eth0
}
link_mend() {
    ip -n "$(machine_ns "$1")" neigh del "$(machine_ip "$2")" dev eth0
    ip -n "$(machine_ns "$2")" neigh del "$(machine_ip "$1")" dev eth0
}

# process_cut MACHINE PID PORT: what the process has open to that port of others is lost silently from now on, and nobody on
# the machine can open anything new there. What other processes have open goes on.
process_cut() {
    local port
    machine_filtered[$1]=1
    on_machine "$1" iptables -A OUTPUT -p tcp --dport "$3" --syn -j DROP || return
    for port in $(on_machine "$1" ss -tnpH "dport = :$3" | sed -nE "s/.*:([0-9]+) +[^ ]*:$3 .*pid=$2,.*/\1/p"); do
        on_machine "$1" iptables -A OUTPUT -p tcp --sport "$port" --dport "$3" -j DROP
        on_machine "$1" iptables -A INPUT -p tcp --sport "$3" --dport "$port" -j DROP
    done
}
process_mend() {
    [[ ${machine_filtered[$1]:-} ]] || return 0
    on_machine "$1" iptables -F
    unset "machine_filtered[$1]"
}

network_down() {
    local name
    for name in "${!machine_number[@]}"; do ip netns del "$(machine_ns "$name")" 2>/dev/null || true; done
    ip netns del "$net_switch" 2>/dev/null || true
    ip link del "$net_host_link" 2>/dev/null || true
}
