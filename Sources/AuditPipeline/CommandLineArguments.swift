/// The command line as it is kept in reports and evidence.
package enum CommandLineArguments {
  /// Options that change neither what is audited nor how: where things are written, and what is
  /// drawn.
  ///
  /// Without them the same audit gives the same bytes wherever it writes.
  private static let left: [String: Bool] = [
    "--output": true, "--database": true, "--progress": true, "--quiet": false, "-q": false,
    "--signing-key": true, "--address-key": true, "--config": true,
  ]

  package static func kept(_ arguments: [String]) -> [String] {
    var result: [String] = []
    var skipsNext = false
    for argument in arguments {
      if skipsNext {
        skipsNext = false
        continue
      }
      let name = argument.split(separator: "=", maxSplits: 1).first.map(String.init) ?? argument
      if let takesValue = left[name] {
        skipsNext = takesValue && !argument.contains("=")
        continue
      }
      result.append(argument)
    }
    return result
  }
}
