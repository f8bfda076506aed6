/// The view `service_port`.
extension View {
  static let servicePort = View(
    name: "service_port", group: .configuration,
    description: "Ports of Services.",
    columns: [
      Column(
        "service_port_id", "key",
        "p.service_port_id"),
      Column(
        "service_id", "joins `service`",
        "p.service_id"),
      Column(
        "name", "port name or null",
        "p.name"),
      Column(
        "port", "service port",
        "p.port"),
      Column(
        "target_port", "number or name on the pod",
        "p.target_port"),
      Column(
        "app_protocol", "appProtocol or null",
        "p.app_protocol"),
      Column(
        "protocol", "TCP, UDP or SCTP",
        "p.protocol"),
      Column(
        "location_id", "place in the inputs, joins `location`",
        "p.location_id"),
    ],
    source: """
      service_ports p
      join services s on s.service_id = p.service_id
      where s.run_id = (select run_id from current_run)
      """)
}
