namespace SkPeft.Tensors.Classification;

/// <summary>A trainable method with a classification head, which is trained in full.</summary>
/// <param name="inner">The method.</param>
internal sealed class TrainableClassifierMethod(ITrainablePeftMethod inner) : ClassifierMethod(inner), ITrainablePeftMethod
{
    // The deviation of new weights in LLaMA's own code (initializer_range), which the head starts from in Hugging Face's library.
    private const float StartDeviation = 0.02f;

    /// <inheritdoc/>
    public PeftTraining BeginTraining(TrainingRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!ClassifierConfig.IsClassifier(request.Package))
        {
            return inner.BeginTraining(request);
        }

        ClassifierConfig config = ClassifierConfig.Read(request.Package);
        PeftTraining training = inner.BeginTraining(request with { Package = ClassifierConfig.WithoutHead(request.Package) });
        int classes = config.ClassesToTrain(request.Package);
        Tensor start = StartValues.Normal(request.Random, StartDeviation, classes, request.Model.Shape.Sizes.HiddenSize);
        return new ClassifierTraining(training, config, start);
    }
}
