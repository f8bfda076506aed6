// KubernetesPolicy
