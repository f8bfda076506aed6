// IstioPolicy
