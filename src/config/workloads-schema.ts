import * as Type from 'typebox';

/** Whom to ask what containers are called. */
export const WorkloadsSchema = Type.Object(
  {
    dockerSockets: sockets(
      ['/run/docker.sock', '/run/podman/podman.sock', '/run/user/*/docker.sock', '/run/user/*/podman/podman.sock'],
      "Sockets of engines that speak Docker's protocol, below roots.host; a star stands for the name of one folder. Empty asks none. Those that are not there are not missed.",
    ),
    criSockets: sockets(
      [
        '/run/containerd/containerd.sock',
        '/run/k3s/containerd/containerd.sock',
        '/run/crio/crio.sock',
        '/run/cri-dockerd.sock',
      ],
      'Sockets of engines that Kubernetes drives by CRI v1, below roots.host; as dockerSockets.',
    ),
    kubeletUrl: Type.String({
      default: '',
      format: 'http-url-or-empty',
      description:
        'The kubelet of this host, such as "https://127.0.0.1:10250": it is asked for its pods where no engine knows a container. Empty asks it nothing.',
    }),
    kubeletTokenFile: Type.String({
      default: '/var/run/secrets/kubernetes.io/serviceaccount/token',
      format: 'absolute-path',
      description: 'What we show the kubelet: a token that may get nodes/proxy or nodes/pods; read for each request.',
    }),
    kubeletCaFile: Type.String({
      default: '',
      format: 'absolute-path-or-empty',
      description:
        "The authorities that the kubelet's certificate is checked against; empty does not check it, as kubelets sign it themselves. PEM.",
    }),
    labels: Type.Array(Type.String({ minLength: 1, maxLength: 317 }), {
      default: [],
      maxItems: 16,
      description:
        'Labels of pods, and of containers that are in none, that culprit_workload_info has: "team", "app.kubernetes.io/name". No others leave.',
    }),
  },
  { additionalProperties: false },
);

function sockets(paths: readonly string[], description: string) {
  return Type.Array(Type.String({ format: 'absolute-path' }), { default: [...paths], maxItems: 16, description });
}
