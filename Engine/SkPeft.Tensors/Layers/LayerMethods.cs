using SkPeft.Tensors.Training;

namespace SkPeft.Tensors.Layers;

/// <summary>
/// What methods that change single layers have in common: which modules, their tensors, trained biases, full copies, nothing left over
/// (<see cref="Load"/>), and the same tensors at their start (<see cref="Begin"/>).
/// </summary>
public static class LayerMethods
{
    /// <summary>Loads an adapter.</summary>
    /// <param name="package">The adapter.</param>
    /// <param name="shape">The base.</param>
    /// <param name="read">Reads the method's configuration, without <see cref="AdapterConfigReader.Finish"/>.</param>
    public static PeftModule Load(AdapterPackage package, ModelShape shape, Func<AdapterConfigReader, LayerScheme> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        AdapterConfigReader reader = new(package);
        LayerScheme scheme = read(reader);
        reader.Finish();
        return new LayerLoader(scheme, package, shape).Load();
    }

    /// <summary>Begins a run.</summary>
    /// <param name="method">The method.</param>
    /// <param name="request">The run.</param>
    /// <param name="read">Reads the method's configuration, without <see cref="AdapterConfigReader.Finish"/>.</param>
    /// <param name="complete">Sets what a saved configuration says beside the defaults that were read; null for nothing.</param>
    /// <param name="save">Brings the two files into the form in which they are saved; null where they are.</param>
    /// <param name="start">What the method read of the options' <c>start</c>; null: it knows no such options.</param>
    /// <exception cref="AdapterOptionException">An option is not supported, or not in training.</exception>
    public static PeftTraining Begin(
        IPeftMethod method,
        TrainingRequest request,
        Func<AdapterConfigReader, LayerScheme> read,
        Action<ConfigDraft>? complete = null,
        Func<AdapterPackage, AdapterPackage>? save = null,
        StartReader? start = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(read);
        (start ?? new StartReader(request)).Finish();
        ConfigDraft draft = new(request);
        complete?.Invoke(draft);
        AdapterConfigReader reader = new(draft.ToPackage(request.Package.Name));
        LayerScheme scheme = read(reader);
        reader.Finish();
        draft.Complete(reader);
        scheme.Options.RequireDropouts();
        return new LayerTraining(method, request, draft.ToElement(), new LayerStart(scheme, request), save);
    }
}
