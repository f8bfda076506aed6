/// The view `setting`.
extension View {
  static let setting = View(
    name: "setting", group: .configuration,
    description: "Settings of the meshes, with their defaults.",
    columns: [
      Column(
        "setting_id", "key",
        "s.setting_id"),
      Column(
        "layer", "istio, linkerd or network-policy",
        "s.layer"),
      Column(
        "name", "for example `trust_domain`, `istiod:XDS_AUTH`",
        "s.name"),
      Column(
        "value", "as text",
        "s.value"),
      Column(
        "is_default", "1 when nobody wrote it",
        "s.is_default"),
      Column(
        "location_id", "place in the inputs, joins `location`",
        "s.location_id"),
    ],
    source: """
      settings s
      where s.run_id = (select run_id from current_run)
      """)
}
