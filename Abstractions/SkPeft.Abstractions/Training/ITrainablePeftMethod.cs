namespace SkPeft;

/// <summary>A method that can also be trained. The map from parameters to effects is the one that serves (<see cref="PeftModule"/>).</summary>
/// <remarks>Stateless and safe for concurrent use, as every <see cref="IPeftMethod"/>.</remarks>
public interface ITrainablePeftMethod : IPeftMethod
{
    /// <summary>Creates the parameters at their start.</summary>
    /// <param name="request">The configuration, the frozen base and what may shape the start.</param>
    /// <exception cref="AdapterOptionException">An option is not supported, or one that is needed is missing.</exception>
    /// <exception cref="AdapterMatchesNothingException">No module of the base would be trained.</exception>
    PeftTraining BeginTraining(TrainingRequest request);
}
