import Glibc

extension ProgramInvocation {
    /// Replaces this process by the program; does not return when that succeeds.
    /// - Throws: why the program cannot be started.
    package func exec(environment inherited: [String: String]) throws(CommandFailure) -> Never {
        let merged = inherited.merging(environment) { $1 }
        let argv = CStrings([executable] + arguments)
        let envp = CStrings(merged.map { "\($0.key)=\($0.value)" })
        execve(executable, argv.pointers, envp.pointers)
        let code = errno
        argv.free()
        envp.free()
        let advice =
            code == E2BIG
            ? "arguments and configuration are too long together; put settings into a file on the cluster"
            : "check that it is built for this machine and that a script's #! line names a program"
        throw CommandFailure("\(executable): \(String(cString: strerror(code))); \(advice)")
    }
}

/// A null-terminated array of C strings.
private struct CStrings {
    let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    private let count: Int

    init(_ strings: [String]) {
        count = strings.count
        pointers = .allocate(capacity: strings.count + 1)
        for (index, string) in strings.enumerated() { (pointers + index).initialize(to: strdup(string)) }
        (pointers + count).initialize(to: nil)
    }

    func free() {
        for index in 0..<count { Glibc.free(pointers[index]) }
        pointers.deallocate()
    }
}
