/// The view `ai_system_supplier`.
extension View {
  static let aiSystemSupplier = View(
    name: "ai_system_supplier", group: .register,
    description: "Suppliers of models, tools and components that the register names.",
    columns: [
      Column(
        "ai_system_id", "joins `ai_system`",
        "p.system_id"),
      Column(
        "supplier_id", "id within the system",
        "p.supplier_id"),
      Column(
        "provides", "JSON array: model, tool, …",
        "p.provides"),
      Column(
        "agreement_uri", "address of the written agreement, or null",
        "p.agreement_uri"),
      Column(
        "agreement_reason", "why there is none, or null",
        "p.agreement_reason"),
      Column(
        "is_gpai",
        "1 for general-purpose AI models, 0, or null when not declared",
        "p.is_gpai"),
    ],
    source: """
      ai_system_suppliers p
      where p.run_id = (select run_id from current_run)
      """)
}
