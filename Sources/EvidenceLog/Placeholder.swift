// EvidenceLog
