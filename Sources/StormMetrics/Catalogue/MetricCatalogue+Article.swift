extension MetricCatalogue {
    /// The list of all metrics as the article `Metrics` shows it: a table for each group.
    package static var article: String {
        var text = """
            # Metrics

            Every metric of nimbus, supervisors, workers, ui and logviewer.

            ## Overview

            `GET /metrics` on the HTTP port of a nimbus (`nimbus.http.port`, 6629), of a supervisor (`supervisor.http.port`, 6630) and
            on the port of a worker's slot answers in Prometheus' text format, version 0.0.4. `GET /sd` of the leading nimbus lists
            all of these pages for `http_sd_configs`. `storm ui` (`ui.port`, 8080) and `storm logviewer` (`logviewer.port`, 8000) answer
            with what every process has; they are not in the cluster's records, so name them in `static_configs`.

            Units are base units: seconds, bytes. Counters count from the start of their process. `topology` is the topology's name.
            Numbers of a component are those of its tasks in that worker: add them up over workers. What one worker has is bounded:
            its series grow with components and streams, not with tasks or tuples.

            This file is written from the declarations in `StormMetrics/Catalogue`; a test compares the two.

            """
        for group in groups {
            text += "\n## \(group.title)\n\nOn the pages of: \(group.pages).\n\n| Metric | Type | Labels | Meaning |\n"
            text += "|---|---|---|---|\n"
            for metric in group.metrics {
                let labels = metric.labels.map { "`\($0)`" }.joined(separator: ", ")
                text += "| `\(metric.name)` | \(metric.kind.rawValue) | \(labels) | \(metric.help) |\n"
            }
        }
        return text
    }
}
