internal import CStormArchive
internal import Glibc

/// Makes what was written last through a power failure.
package enum FileSystemFlush {
    /// Everything on the file system of this folder, at once: there may be many small files. Blocks the thread. Where a
    /// file system cannot, nothing is lost but that.
    package static func flush(_ folder: String) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        _ = storm_flush_file_system(descriptor)
        close(descriptor)
    }
}
