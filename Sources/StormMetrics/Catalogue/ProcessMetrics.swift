package enum ProcessMetrics {
    package static let build = Metric.gauge(
        "storm_build_info", ["version", "daemon"], "Always 1; the version and the kind of process in its labels.")
    package static let ready = Metric.gauge("storm_ready", "1 when /readyz says that it is ready, else 0.")
    package static let cpu = Metric.counter("process_cpu_seconds_total", "User and system time used.")
    package static let resident = Metric.gauge("process_resident_memory_bytes", "Resident memory.")
    package static let virtual = Metric.gauge("process_virtual_memory_bytes", "Size of the address space.")
    package static let threads = Metric.gauge("process_threads", "Threads of the process.")
    package static let openFiles = Metric.gauge("process_open_fds", "Open file descriptors.")
    package static let openFilesMax = Metric.gauge("process_max_fds", "Most file descriptors that may be open.")
    package static let startTime = Metric.gauge(
        "process_start_time_seconds", "Start of the process, in seconds since 1970.")
    package static let uptime = Metric.gauge("storm_uptime_seconds", "Age of the process.")

    static let all = [
        build, ready, cpu, resident, virtual, threads, openFiles, openFilesMax, startTime, uptime,
    ]
}
