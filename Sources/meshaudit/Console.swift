import Foundation
import MeshModel
import Reporting

/// What goes to the terminal: data to standard output, talk to standard error.
enum Console {
  static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// Colours only on a terminal, and never when `NO_COLOR` is set (no-color.org).
  static func usesColour(_ descriptor: Int32) -> Bool {
    let environment = ProcessInfo.processInfo.environment
    let isOff = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
    return isTerminal(descriptor) && !isOff && environment["TERM"] != "dumb"
  }

  /// Columns of the terminal, 80 where there is none.
  static var width: Int {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Writes text to standard output.
  ///
  /// A reader that has gone away is no error.
  static func output(_ text: String) { write(Array(text.utf8), to: STDOUT_FILENO) }

  static func output(_ bytes: [UInt8]) { write(bytes, to: STDOUT_FILENO) }

  /// Writes a table; for a terminal it is cut to its width.
  static func output(_ table: TextTable, as format: TableFormat) {
    switch format {
    case .table: output(table.text(width: isTerminal(STDOUT_FILENO) ? width : nil))
    case .json: output(table.json)
    case .csv: output(table.csv)
    }
  }

  /// Writes a line to standard error; names from the user's files cannot steer the terminal.
  static func note(_ text: String) {
    write(Array((TerminalText.safe(text) + "\n").utf8), to: STDERR_FILENO)
  }

  static func error(_ message: String, hint: String? = nil) {
    note("meshaudit: error: \(message)")
    if let hint { note("  hint: \(hint)") }
  }

  /// What is wrong with the command line, as the parser says it.
  static func usageError(_ message: String) {
    let start = "Error: "
    note(message.hasPrefix(start) ? "meshaudit: error: \(message.dropFirst(start.count))" : message)
  }

  /// Opens `/dev/null` in place of standard descriptors that the caller has closed: the next file that
  /// is opened would take their number, and be written over with the summary.
  static func occupyStandardDescriptors() {
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
      _ = open("/dev/null", O_RDWR)
    }
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) {
    var offset = 0
    while offset < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        Foundation.write(
          descriptor, buffer.baseAddress?.advanced(by: offset), bytes.count - offset)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      offset += count
    }
  }
}
