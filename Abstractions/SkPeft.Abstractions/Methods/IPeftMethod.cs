namespace SkPeft;

/// <summary>
/// A parameter-efficient fine-tuning method: it reads an adapter's files and yields effects. Public, with a parameterless constructor,
/// in an assembly marked by <see cref="PeftPluginAttribute"/>; the host finds it by scanning.
/// </summary>
/// <remarks>Stateless and safe for concurrent use.</remarks>
public interface IPeftMethod
{
    /// <summary>The values of <c>peft_type</c> that this method reads, in capitals as in the files, for instance <c>LORA</c>.</summary>
    IReadOnlyList<string> PeftTypes { get; }

    /// <summary>One line for people: the method and its paper.</summary>
    string Description { get; }

    /// <summary>Reads configuration and tensors, and checks both against the base: options, names, shapes, matched modules.</summary>
    /// <param name="package">The adapter's files.</param>
    /// <param name="shape">The base it is to work on.</param>
    /// <exception cref="AdapterOptionException">An option is not supported.</exception>
    /// <exception cref="AdapterShapeException">A tensor is missing, left over or of the wrong shape.</exception>
    /// <exception cref="AdapterMatchesNothingException">No module of the base is touched.</exception>
    PeftModule Load(AdapterPackage package, ModelShape shape);

    /// <summary>Proves on a tiny example of its own that the method computes what it should; throws where it does not.</summary>
    /// <remarks>Run in a fresh load context before the method replaces an older version. Milliseconds, no files.</remarks>
    void SelfTest();
}
