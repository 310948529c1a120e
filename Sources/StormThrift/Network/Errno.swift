internal import Glibc

/// The error numbers of the system that are told apart here.
let addressInUseErrno = EADDRINUSE
let connectionRefusedErrno = ECONNREFUSED
