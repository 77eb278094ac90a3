/** A plugin that cannot be used. The message is one line. */
export class PluginError extends Error {
  override readonly name = 'PluginError';
}
