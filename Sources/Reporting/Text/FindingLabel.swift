import AuditModel

extension Finding {
  /// Subject and what tells it apart from the rule's other findings on it.
  var label: String { discriminator.isEmpty ? subject : "\(subject), \(discriminator)" }
}
