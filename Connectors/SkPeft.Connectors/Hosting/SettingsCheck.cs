namespace SkPeft.Connectors.Hosting;

/// <summary>What is wrong with settings, found when they were registered and told when somebody needs them.</summary>
internal sealed record SettingsCheck(IReadOnlyList<string> Problems)
{
    /// <exception cref="ConfigurationException">Anything is wrong.</exception>
    public void Require()
    {
        if (Problems.Count > 0)
        {
            throw new ConfigurationException(Problems);
        }
    }
}
