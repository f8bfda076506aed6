import AuditModel
import MeshModel

/// Values that the engine binds, whatever the parameters of a rule are.
enum BoundValue: String, CaseIterable {
  /// The moment of the audit.
  case asOf = "as_of"
  /// What the rules under `inherits` found, by AI system, as a JSON array; only there.
  case verdicts
  /// The provisions of all frameworks with their dates, as a JSON array.
  case provisions

  /// `{framework, control, label, title, roles, route, from, placed_before}` for each date of each
  /// control; the route is empty where the provision does not depend on it.
  static func provisions(of frameworks: [Framework]) -> JSONValue {
    .array(
      frameworks.flatMap { framework in
        framework.controls.flatMap { control in
          control.appliesFrom.map { application in
            .object([
              .init("framework", .string(framework.id)),
              .init("control", .string(control.id)),
              .init("label", .string(control.label)),
              .init("title", .string(control.title)),
              .init("roles", .array(control.roles.map { .string($0) })),
              .init("route", .string(application.route)),
              .init("from", .string(application.from)),
              .init("placed_before", application.placedBefore.map { .string($0) } ?? .null),
            ])
          }
        }
      })
  }
}
