internal import Glibc

/// The error numbers of the system that are told apart here.
let addressInUseErrno = EADDRINUSE
let connectionRefusedErrno = ECONNREFUSED

/// The system's words for such a number.
func errnoText(_ number: CInt) -> String { String(cString: strerror(number)) }
