internal import CStormSystem

/// What this process prints.
package enum StandardOutput {
    /// A line that was printed is in the file even when the process is killed right after. Call it before anything is
    /// printed.
    package static func bufferByLine() { storm_buffer_output_by_line() }
}
