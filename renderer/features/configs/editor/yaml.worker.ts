// The YAML language service (completion and hover from a JSON schema) in its own worker.
import 'monaco-yaml/yaml.worker.js';
