/// Every view, in the order of the documentation.
extension View {
  package static let all: [View] = [
    .run, .evidenceRun, .input, .location, .diagnostic, .setting, .resource, .namespace, .service,
    .servicePort, .serviceAccount, .workload, .workloadPort, .workloadContainer,
    .workloadTelemetry, .workloadEgress, .clientTLS, .gatewayServer, .gatewayServerWorkload,
    .externalService, .extensionProvider, .policyDivergence, .requestAuthentication,
    .logSink, .roleGrant,
    .meshLint, .rateLimit, .layerDisagreement, .policyDecision, .delegatedRequest,
    .identity, .identityPresence, .policy, .policyWorkload, .policyRule,
    .policySource,
    .policyOperation, .policyCondition, .grant, .redundantRule, .httpRule, .rulePort, .accessEdge,
    .accessChange, .meshComparison, .observedRequest, .replayedRequest,
    .trafficWindow,
    .logCoverage, .logGap, .logHour, .pairCoverage, .metricSample, .callChain, .tracedWorkload,
    .grantUsage, .grantedOperation, .usedOperation, .trafficAttribution, .denialAgreement,
    .certificate, .newestCertificate, .svidLeaf, .certificateName, .certificateRevocationSource,
    .certificateSighting, .certificateChain, .trustAnchor, .trustSource, .trustBundleKey, .jwtSVID,
    .revocationList, .revokedSerial,
    .certificateIssuer, .spireEntry, .workloadRegistration,
    .certificateRotation, .privateKey, .organisation, .aiSystem,
    .aiSystemWorkload, .interaction, .aiSystemPeer,
    .aiSystemDocument, .declaredDocument, .aiSystemSupplier, .aiSystemStore, .aiSystemIncident,
    .stopPath,
    .rule, .control, .finding, .findingLife, .waiver,
  ]
}
