internal import CStormSystem
internal import Glibc

/// The processes of a session or of a process group, found in /proc: a process cannot leave its session except by making a
/// new one.
enum SessionMembers {
    /// Sends a signal to each member; returns how many got it.
    @discardableResult
    static func send(_ signal: Signal, session leader: ProcessIdentity, exceptLeader: Bool) -> Int {
        send(signal, leader, exceptLeader: exceptLeader) { $0.sessionID }
    }

    @discardableResult
    static func send(_ signal: Signal, group leader: ProcessIdentity, exceptLeader: Bool) -> Int {
        send(signal, leader, exceptLeader: exceptLeader) { $0.groupID }
    }

    /// Kills all members, also those that are being started meanwhile: repeats until none is found.
    static func killAll(session leader: ProcessIdentity) {
        for _ in 0..<20 where send(.kill, session: leader, exceptLeader: false) == 0 { return }
    }

    static func killAll(group leader: ProcessIdentity) {
        for _ in 0..<20 where send(.kill, group: leader, exceptLeader: false) == 0 { return }
    }

    private static func send(
        _ signal: Signal, _ leader: ProcessIdentity, exceptLeader: Bool, set: (ProcessStat) -> Int32
    ) -> Int {
        var reached = 0
        for pid in find(leader, set: set) where !(exceptLeader && pid == leader.pid) {
            let descriptor = storm_pidfd_open(pid)
            guard descriptor >= 0 else { continue }
            defer { close(descriptor) }
            // Look again now that the descriptor pins the process: the number may have changed hands before.
            guard let stat = ProcessStat.read(pid: pid), set(stat) == leader.pid else { continue }
            if storm_pidfd_send_signal(descriptor, signal.number) == 0 { reached += 1 }
        }
        return reached
    }

    /// Empty if the number belongs to a later session or group by now.
    private static func find(_ leader: ProcessIdentity, set: (ProcessStat) -> Int32) -> [Int32] {
        let members = ProcessStat.all().filter { set($0) == leader.pid && !$0.isZombie }
        let isReused = members.contains { $0.pid == leader.pid && $0.startTicks != leader.startTicks }
        return isReused ? [] : members.map(\.pid)
    }
}
