/// The view `used_operation`.
extension View {
  static let usedOperation = View(
    name: "used_operation", group: .traffic,
    description: """
      Which observed requests used which granted operation: those that got through by its rule. Where \
      a log keeps only the template of a path, every path that it may stand for counts as used.
      """,
    columns: [
      Column("granted_operation_id", "joins `granted_operation`", "u.granted_operation_id"),
      Column("observed_request_id", "joins `observed_request`", "u.observed_request_id"),
    ],
    source: "used_operations u where u.run_id = (select run_id from current_run)")
}
