namespace SkPeft.Plugins;

/// <summary>Hands events to whoever asked for them.</summary>
internal sealed class EventSink(Action<PluginEvent>? receiver, TimeProvider time)
{
    public void Raise(PluginEventKind kind, string plugin, string message, PluginIdentity? identity = null)
    {
        try
        {
            receiver?.Invoke(new PluginEvent(kind, plugin, message, identity, time.GetUtcNow()));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A log that cannot be written must neither stop a reload half way nor pin an old generation; there is nobody else to tell.
        }
    }

    public void Warn(string plugin, string message) => Raise(PluginEventKind.Warning, plugin, message);
}
