namespace SkPeft.Tensors.Threading;

/// <summary>Splits 0 … count − 1 into one stretch a worker.</summary>
internal sealed class RangeWork(int count, Action<int, int> body) : IWork
{
    public void Execute(int worker, int workers) =>
        body((int)((long)count * worker / workers), (int)((long)count * (worker + 1) / workers));
}
