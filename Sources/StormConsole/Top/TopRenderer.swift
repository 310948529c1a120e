import StormRuntime

/// A report as lines of a terminal or a file. Pure.
package struct TopRenderer: Sendable {
    private let isColoured: Bool
    /// Characters of a line; nil: as many as it needs.
    private let columns: Int?

    package init(isColoured: Bool, columns: Int?) {
        self.isColoured = isColoured
        self.columns = columns
    }

    /// - Parameter rows: at most so many lines, the last of which then says how many are missing; nil: all.
    package func lines(_ report: TopReport, rows: Int? = nil) -> [String] {
        var lines = [style(.bold, "storm top  \(Age.clock(report.timeMilliseconds).prefix(8)) UTC"), ""]
        lines += topologies(report)
        if let components = report.components, !components.isEmpty { lines += [""] + table(components) }
        if !report.workers.isEmpty { lines += [""] + workers(report) + [""] + machines(report) }
        if !report.unreachable.isEmpty {
            lines += [""] + report.unreachable.map { style(.red, "worker \($0.place) does not answer: \($0.reason)") }
        }
        guard let rows, lines.count > rows, rows > 1 else { return lines }
        let hidden = lines.count - rows + 1
        return lines.prefix(rows - 1) + [style(.dim, "… \(hidden) more lines; storm top NAME shows one topology")]
    }

    // MARK: Tables

    private func topologies(_ report: TopReport) -> [String] {
        guard !report.topologies.isEmpty else { return ["No topologies running."] }
        var table = TextTable([
            .text("TOPOLOGY"), .text("STATUS"), .number("UPTIME"), .number("WORKERS"), .number("EXECUTORS"),
            .number("EMITTED/s"), .number("ACKED/s"), .number("FAILED/s"), .number("COMPLETE ms"), .number("PENDING"),
            .number("CPU %"), .number("MEMORY"),
        ])
        for row in report.topologies {
            table.add([
                row.name, row.status, Age.text(milliseconds: Int64(row.uptimeSeconds) * 1000),
                row.workers == row.wantedWorkers ? "\(row.workers)" : "\(row.workers)/\(row.wantedWorkers)",
                "\(row.executors)", Decimals.short(row.emittedPerSecond), Decimals.short(row.ackedPerSecond),
                Decimals.short(row.failedPerSecond), milliseconds(row.completeMilliseconds), "\(row.pending)",
                Decimals.text(row.cpuPercent, 0), Age.size(row.residentBytes),
            ])
        }
        return styled(table.lines, report.topologies.map { $0.failedPerSecond > 0 ? .red : nil })
    }

    private func table(_ components: [TopReport.Component]) -> [String] {
        var table = TextTable([
            .text("COMPONENT"), .text("KIND"), .number("EXECUTORS"), .number("TASKS"), .number("EMITTED/s"),
            .number("EXECUTED/s"), .number("ACKED/s"), .number("FAILED/s"), .number("COMPLETE ms"),
            .number("EXECUTE ms"), .number("PROCESS ms"), .number("CAPACITY"), .number("ERRORS"),
        ])
        for row in components {
            table.add([
                row.name, row.kind.rawValue, "\(row.executors)", "\(row.tasks)", Decimals.short(row.emittedPerSecond),
                row.kind == .spout ? "" : Decimals.short(row.executedPerSecond), Decimals.short(row.ackedPerSecond),
                Decimals.short(row.failedPerSecond), row.kind == .spout ? milliseconds(row.completeMilliseconds) : "",
                row.kind == .spout ? "" : milliseconds(row.executeMilliseconds),
                row.kind == .bolt ? milliseconds(row.processMilliseconds) : "", Decimals.text(row.capacity, 3),
                "\(row.errors)",
            ])
        }
        return styled(table.lines, components.map(style))
    }

    /// A bolt that is at its limit is what an operator looks for.
    private func style(_ row: TopReport.Component) -> Style? {
        if row.failedPerSecond > 0 || row.kind == .bolt && row.capacity >= 0.95 { return .red }
        return row.kind == .bolt && row.capacity >= 0.75 ? .yellow : nil
    }

    private func workers(_ report: TopReport) -> [String] {
        var table = TextTable([
            .text("WORKER"), .text("TOPOLOGY"), .number("PID"), .number("UPTIME"), .number("EXECUTORS"),
            .number("EMITTED/s"), .number("CPU %"), .number("MEMORY"),
        ])
        for row in report.workers {
            table.add([
                "\(row.host):\(row.port)", row.topology, "\(row.pid)",
                Age.text(milliseconds: Int64(row.uptimeSeconds) * 1000), "\(row.executors)",
                Decimals.short(row.emittedPerSecond), Decimals.text(row.cpuPercent, 0), Age.size(row.residentBytes),
            ])
        }
        return styled(table.lines, [])
    }

    private func machines(_ report: TopReport) -> [String] {
        var table = TextTable([
            .text("MACHINE"), .number("WORKERS"), .number("CORES"), .number("CPU %"), .number("MEMORY USED"),
            .number("OF"), .number("BY WORKERS"),
        ])
        for row in report.machines {
            table.add([
                row.host, "\(row.workers)", "\(row.cores)", row.cpuPercent.map { Decimals.text($0, 0) } ?? "-",
                Age.size(row.memoryUsedBytes), Age.size(row.memoryBytes), Age.size(row.residentBytes),
            ])
        }
        return styled(table.lines, report.machines.map { ($0.cpuPercent ?? 0) >= 95 ? .yellow : nil })
    }

    private func milliseconds(_ value: Double?) -> String {
        value.map { Decimals.text($0, $0 < 10 ? 3 : $0 < 1000 ? 1 : 0) } ?? "-"
    }

    // MARK: Look

    private enum Style: String {
        case bold = "1"
        case dim = "2"
        case red = "31"
        case yellow = "33"
    }

    /// - Parameter rows: of the lines after the first.
    private func styled(_ lines: [String], _ rows: [Style?]) -> [String] {
        lines.enumerated().map { index, line in
            if index == 0 { return style(.bold, line) }
            guard index <= rows.count, let style = rows[index - 1] else { return cut(line) }
            return self.style(style, line)
        }
    }

    private func style(_ style: Style, _ text: some StringProtocol) -> String {
        let text = cut(String(text))
        return isColoured ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }

    private func cut(_ line: String) -> String {
        guard let columns, line.count > columns else { return line }
        return String(line.prefix(max(0, columns)))
    }
}
