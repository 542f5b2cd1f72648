namespace SkPeft.Plugins;

/// <summary>What a lease hands out in place of a plugin's method that can also be trained.</summary>
internal sealed class LeasedTrainableMethod(PluginIdentity plugin, LeaseRecord record, ITrainablePeftMethod inner, HandedOut handedOut)
    : LeasedMethod(plugin, record, inner, handedOut), ITrainablePeftMethod
{
    public PeftTraining BeginTraining(TrainingRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        string what = $"beginning the training of adapter '{request.Package.Name}'";
        PeftTraining training = Call(m => ((ITrainablePeftMethod)m).BeginTraining(request), what) ?? throw Fault(what, "it returned null.", "");
        Track(training, request.Package.Name, $"the training of adapter '{request.Package.Name}'");
        return training;
    }
}
