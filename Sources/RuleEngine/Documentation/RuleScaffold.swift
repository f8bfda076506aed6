package import MeshModel

/// The files of a new rule, for `meshaudit rules new`: it loads, runs and passes its own examples, and
/// shows where to write.
package enum RuleScaffold {
  /// - Parameters:
  ///   - id: `ACME-001`.
  ///   - name: kebab noun of the defect, `missing-owner`.
  /// - Returns: files with paths under the tree of rules, or nil when id or name will not do.
  package static func files(pack: String, id: String, name: String) -> [EmbeddedFile]? {
    guard isKebab(pack), isKebab(name), isID(id) else { return nil }
    let folder = "\(pack)/\(id)-\(name)"
    return [
      file("\(folder)/rule.yaml", ruleYAML(id: id, name: name)),
      file("\(folder)/check.sql", checkSQL),
      file("\(folder)/examples/fail-\(name).yaml", failExample(id)),
      file("\(folder)/examples/pass-owner.yaml", passExample),
    ]
  }

  private static func file(_ path: String, _ text: String) -> EmbeddedFile {
    EmbeddedFile(path: path, bytes: Array(text.utf8))
  }

  private static func isKebab(_ text: String) -> Bool {
    guard let first = text.utf8.first, (97...122).contains(first) else { return false }
    return text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
  }

  private static func isID(_ id: String) -> Bool {
    let parts = id.split(separator: "-", omittingEmptySubsequences: false)
    return parts.count == 2 && (2...12).contains(parts[0].utf8.count)
      && parts[0].utf8.allSatisfy { (65...90).contains($0) }
      && parts[1].utf8.count >= 3 && parts[1].utf8.allSatisfy { (48...57).contains($0) }
  }

  private static func ruleYAML(id: String, name: String) -> String {
    """
    id: \(id)
    name: \(name)
    title: A workload should name its owner
    question: Does every workload carry the label "team"?
    why: >-
      Say what can happen when this fails, to somebody who does not know the field.
    remediation: >-
      Tell the next action.
    severity: medium
    confidence: high
    reads: [workload]
    needs: [manifests]
    parameters:
    - name: label
      type: text
      default: team
      doc: Label that must be there.
    references:
    - title: Kubernetes documentation, Labels and Selectors
      url: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/
    since: "1.0"

    """
  }

  private static let checkSQL = """
    with labelled_workloads as (
      select
        namespace || '/' || name as workload,
        (select value from json_each(labels) where key = :label) as owner,
        location_id
      from workload
    )
    select
      'workload ' || workload as subject,
      case when owner is null then 'fail' else 'pass' end as status,
      case
        when owner is null then 'workload "' || workload || '" has no label "' || :label || '"'
        else 'workload "' || workload || '" belongs to "' || owner || '"'
      end as message,
      location_id,
      json_object('workload', workload, 'owner', owner) as evidence
    from labelled_workloads
    order by subject

    """

  private static func failExample(_ id: String) -> String {
    """
    apiVersion: apps/v1  # expect: \(id)
    kind: Deployment
    metadata: {name: planner, namespace: agents}
    spec:
      selector: {matchLabels: {app: planner}}
      template:
        metadata: {labels: {app: planner}}
        spec: {containers: [{name: planner, image: planner}]}

    """
  }

  private static let passExample = """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: planner, namespace: agents}
    spec:
      selector: {matchLabels: {app: planner}}
      template:
        metadata: {labels: {app: planner, team: agents}}
        spec: {containers: [{name: planner, image: planner}]}

    """
}
