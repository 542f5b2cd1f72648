using System.Runtime.InteropServices;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Engine.Models.Llama;

/// <summary>
/// Works off the effects of all adapters on a layer's output together, in rounds: scales and biases of all rows in one pass, then the low-rank
/// changes that are next in one, then what brings its own arithmetic, each by itself. An adapter's effects keep their order.
/// </summary>
internal sealed class OutputEffects(ComputeContext compute)
{
    private readonly List<OutputChain> _chains = [];
    private readonly List<LowRankRows> _lowRank = [];
    private readonly RowPass _vectors = new();

    /// <summary>Adds rows whose product is there. Rows of different chains must not overlap.</summary>
    public void Add(OutputChain chain) => _chains.Add(chain);

    /// <summary>Runs everything that was added.</summary>
    public void Run(Precision precision)
    {
        while (_chains.Count > 0)
        {
            RunRound(precision);
            RemoveDone();
        }
    }

    /// <summary>Forgets what an effect that threw left behind: it points into rows of a product that nobody reads any more, and to adapters that go.</summary>
    public void Clear()
    {
        _chains.Clear();
        _lowRank.Clear();
        _vectors.Clear();
    }

    // Nearly always all of them.
    private void RemoveDone()
    {
        Span<OutputChain> chains = CollectionsMarshal.AsSpan(_chains);
        int left = 0;
        foreach (ref OutputChain chain in chains)
        {
            if (!chain.IsDone)
            {
                chains[left++] = chain;
            }
        }

        _chains.RemoveRange(left, chains.Length - left);
    }

    private void RunRound(Precision precision)
    {
        Span<OutputChain> chains = CollectionsMarshal.AsSpan(_chains);
        foreach (ref OutputChain chain in chains)
        {
            chain.TakeVectors(_vectors);
        }

        compute.Run(_vectors);
        _vectors.Clear();
        foreach (ref OutputChain chain in chains)
        {
            if (chain.TryTake(out LowRankRows? change))
            {
                _lowRank.Add(change.Value);
            }
        }

        if (_lowRank.Count > 0)
        {
            compute.LowRankAdd(CollectionsMarshal.AsSpan(_lowRank), precision);
            _lowRank.Clear();
        }

        foreach (ref OutputChain chain in chains)
        {
            chain.RunGeneral(compute);
        }
    }
}
