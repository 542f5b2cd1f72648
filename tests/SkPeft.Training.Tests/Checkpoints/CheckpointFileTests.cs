using SkPeft.Testing;
using SkPeft.Training.Checkpoints;

namespace SkPeft.Training.Tests.Checkpoints;

public sealed class CheckpointFileTests
{
    [Fact]
    public void Write_CopiesNoTensor_AndReadGivesTheSameNumbers()
    {
        using TemporaryFolder folder = new();
        CheckpointFile file = new(folder.PathOf("checkpoint"));
        Tensor large = new(1000, 500);
        for (int i = 0; i < large.Length; i++)
        {
            large.Data[i] = i;
        }

        Dictionary<string, string> keys = new() { ["seed"] = "1" };
        Checkpoint checkpoint = new(3, keys, new Dictionary<string, Tensor> { ["large"] = large, ["step"] = Tensor.From([7f], [1]), ["empty"] = new Tensor(0, 4) });
        file.Write(checkpoint);

        // A run writes every few seconds; large arrays wait long for the collector, and the bound on the run's memory would not hold.
        long before = GC.GetAllocatedBytesForCurrentThread();
        file.Write(checkpoint);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(large.Length * sizeof(float) / 4);

        Checkpoint read = file.Read(keys).ShouldNotBeNull();
        read.Step.ShouldBe(3);
        read.Tensors["large"].Data.ToArray().ShouldBe(large.Data.ToArray());
        (read.Tensors["step"].Data[0], read.Tensors["empty"].Length).ShouldBe((7f, 0));
    }
}
