package import MeshModel

extension AccessLogResult {
  /// The examples of lines that were not read, as diagnostics in order; never what stood in them.
  package var diagnostics: [Diagnostic] {
    examples.map { example in
      let location = SourceLocation(path: example.path, line: example.line, column: 1)
      switch example.problem {
      case .rejected:
        return Diagnostic(
          code: "log-line-rejected", severity: .warning,
          message: "the line is of no access log format that is known or declared",
          location: location,
          hint:
            "give the mesh's MeshConfig with its access log format, or name it with --log-format"
        )
      case .ambiguous:
        return Diagnostic(
          code: "log-line-ambiguous", severity: .warning,
          message: "the line can be understood in more than one way, so it is no evidence",
          location: location,
          hint: "log in JSON, where a caller's values cannot look like fields")
      case .tooLong:
        return Diagnostic(
          code: "log-line-too-long", severity: .warning,
          message: "the line is longer than \(options.longestLine) bytes and was skipped",
          location: location)
      case .unterminated:
        return Diagnostic(
          code: "log-line-unterminated", severity: .note,
          message: "the last line has no end, so the file was cut or is still being written",
          location: location)
      }
    }
  }
}
