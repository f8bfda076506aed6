// AccessAnalysis
