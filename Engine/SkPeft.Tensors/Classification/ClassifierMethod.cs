namespace SkPeft.Tensors.Classification;

/// <summary>
/// Any method together with a classification head: an adapter of <c>task_type</c> SEQ_CLS is the method's own file and a full copy of the
/// head <c>score</c> beside it. The method reads its part as if it were a language model's; the head is read here, once for all methods.
/// </summary>
/// <remarks>Adapters of other tasks go to the method unchanged.</remarks>
public class ClassifierMethod : IPeftMethod
{
    private readonly IPeftMethod _inner;

    private protected ClassifierMethod(IPeftMethod inner) => _inner = inner;

    /// <inheritdoc/>
    public IReadOnlyList<string> PeftTypes => _inner.PeftTypes;

    /// <inheritdoc/>
    public string Description => _inner.Description;

    /// <summary>The method with heads; an <see cref="ITrainablePeftMethod"/> where the method is one.</summary>
    /// <param name="method">The method.</param>
    public static IPeftMethod Around(IPeftMethod method) => method switch
    {
        ClassifierMethod => method,
        ITrainablePeftMethod trainable => Around(trainable),
        _ => new ClassifierMethod(method),
    };

    /// <summary>The method with heads, to be trained.</summary>
    /// <param name="method">The method.</param>
    public static ITrainablePeftMethod Around(ITrainablePeftMethod method) => method as TrainableClassifierMethod ?? new TrainableClassifierMethod(method);

    /// <inheritdoc/>
    public PeftModule Load(AdapterPackage package, ModelShape shape)
    {
        if (!ClassifierConfig.IsClassifier(package))
        {
            return _inner.Load(package, shape);
        }

        ClassifierConfig config = ClassifierConfig.Read(package);
        ClassifierHead head = ClassifierHead.Take(package, config, shape.Sizes.HiddenSize);
        return new ClassifierModule(_inner.Load(ClassifierHead.Remove(package), shape), head);
    }

    /// <inheritdoc/>
    public void SelfTest() => _inner.SelfTest();
}
