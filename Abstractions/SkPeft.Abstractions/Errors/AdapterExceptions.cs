namespace SkPeft;

/// <summary>An adapter's configuration asks for options that its method does not implement. All of them are listed.</summary>
/// <param name="adapter">The adapter, as the caller named it.</param>
/// <param name="method">The method, for instance <c>LORA</c>.</param>
/// <param name="problems">One sentence an option: name, value, what is supported.</param>
public sealed class AdapterOptionException(string adapter, string method, IReadOnlyList<string> problems)
    : SkPeftException("adapter-option", $"Adapter '{adapter}' ({method}) cannot be served: {string.Join("; ", problems)}.")
{
    /// <summary>One sentence an option.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}

/// <summary>An adapter's tensors are missing, unexpected, or do not have the shapes that its configuration and the base imply.</summary>
/// <param name="adapter">The adapter, as the caller named it.</param>
/// <param name="tensor">The tensor's name in the file.</param>
/// <param name="found">The shape or state found.</param>
/// <param name="expected">The shape or state expected.</param>
/// <param name="hint">The next step.</param>
public sealed class AdapterShapeException(string adapter, string tensor, string found, string expected, string hint)
    : SkPeftException("adapter-shape", $"Adapter '{adapter}': tensor '{tensor}' is {found}, expected {expected}. {hint}")
{
    /// <summary>The tensor's name in the file.</summary>
    public string Tensor { get; } = tensor;
}

/// <summary>No module of the base model matches the adapter's targets: serving it would be serving the base in silence.</summary>
/// <param name="adapter">The adapter, as the caller named it.</param>
/// <param name="targets">The targets as configured.</param>
/// <param name="available">A few module names that the base does have.</param>
public sealed class AdapterMatchesNothingException(string adapter, string targets, string available)
    : SkPeftException("adapter-matches-nothing",
        $"Adapter '{adapter}' matches no module of this model: its targets are {targets}, the model has {available}. " +
        "Check target_modules in adapter_config.json, or that the adapter was made for this architecture.");

/// <summary>The adapter was made for another base model (fingerprints of shapes, tokenizer or weights differ).</summary>
/// <param name="adapter">The adapter, as the caller named it.</param>
/// <param name="what">Which fingerprint differs: <c>shapes</c>, <c>tokenizer</c> or <c>weights</c>.</param>
/// <param name="found">The fingerprint of the model that was opened.</param>
/// <param name="expected">The fingerprint recorded for the adapter.</param>
public sealed class AdapterBaseMismatchException(string adapter, string what, string found, string expected)
    : SkPeftException("adapter-base-mismatch",
        $"Adapter '{adapter}' was made for another base model: its {what} fingerprint is {expected}, this model's is {found}. " +
        "Open the model it was trained on, or add the adapter again with --model for this one.")
{
    /// <summary>Which fingerprint differs.</summary>
    public string What { get; } = what;
}

/// <summary>Adapters that were asked for together cannot act together on one request.</summary>
/// <param name="adapters">The adapters, as they were asked for.</param>
/// <param name="problem">Which of them do not go together, and why.</param>
/// <param name="hint">The next step.</param>
public sealed class AdapterCompositionException(string adapters, string problem, string hint)
    : SkPeftException("adapter-composition", $"'{adapters}' cannot answer together: {problem} {hint}");

/// <summary>No adapter, version or alias has this name.</summary>
/// <param name="reference">What was asked for.</param>
/// <param name="available">What there is, or how to list it.</param>
public sealed class AdapterNotFoundException(string reference, string available)
    : SkPeftException("adapter-not-found", $"There is no adapter '{reference}'. {available}")
{
    /// <summary>What was asked for.</summary>
    public string Reference { get; } = reference;
}

/// <summary>A stored file does not have the SHA-256 that its version records.</summary>
/// <param name="reference">The version.</param>
/// <param name="file">The file.</param>
/// <param name="found">The digest computed now.</param>
/// <param name="expected">The digest recorded.</param>
public sealed class AdapterIntegrityException(string reference, string file, string found, string expected)
    : SkPeftException("adapter-integrity",
        $"Adapter '{reference}': {file} has SHA-256 {found}, expected {expected}. The store was changed from outside or the disk is " +
        "failing; export the version from a backup and add it again.");

/// <summary>No loaded plugin implements the method.</summary>
/// <param name="peftType">The <c>peft_type</c> asked for.</param>
/// <param name="available">The types that loaded plugins offer, or why one of them failed to load.</param>
public sealed class MethodNotFoundException(string peftType, string available)
    : SkPeftException("method-not-found", $"No plugin implements peft_type '{peftType}'. {available}");

/// <summary>A plugin assembly could not be loaded, failed its self-test, or is not allowed.</summary>
/// <param name="plugin">The plugin's file or folder.</param>
/// <param name="reason">Why.</param>
/// <param name="inner">The cause.</param>
public sealed class PluginLoadException(string plugin, string reason, Exception? inner = null)
    : SkPeftException("plugin-load", $"Plugin '{plugin}' was not loaded: {reason}", inner);

/// <summary>A plugin's code failed in a way that its contract does not know: a mistake in the plugin, not in the request.</summary>
/// <remarks>Carries text only: a live exception object of the plugin would keep its code in memory for as long as somebody keeps the error.</remarks>
/// <param name="plugin">Which plugin: name, version and generation.</param>
/// <param name="what">What it was doing.</param>
/// <param name="error">The type and message of its exception.</param>
/// <param name="detail">Its exception in full, with the stack.</param>
public sealed class PluginFaultException(string plugin, string what, string error, string detail)
    : SkPeftException("plugin-fault",
        $"Plugin {plugin} failed while {what}: {error} This is a mistake in the plugin; report it to its author, or put an earlier version back.")
{
    /// <summary>The plugin's exception in full, with the stack.</summary>
    public string Detail { get; } = detail;
}

/// <summary>The adapter store cannot do what was asked: it is read-only, full, locked, of a newer version, or the name is not legal.</summary>
/// <param name="message">What happened and what to do.</param>
/// <param name="inner">The cause.</param>
public sealed class StoreException(string message, Exception? inner = null) : SkPeftException("store", message, inner);
