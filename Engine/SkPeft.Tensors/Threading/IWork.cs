namespace SkPeft.Tensors.Threading;

/// <summary>Work that a <see cref="WorkerTeam"/> runs once on each of its workers.</summary>
public interface IWork
{
    /// <summary>Does this worker's share.</summary>
    /// <param name="worker">The worker's number, 0 … <paramref name="workers"/> − 1; 0 is the calling thread.</param>
    /// <param name="workers">How many workers share the work.</param>
    void Execute(int worker, int workers);
}
