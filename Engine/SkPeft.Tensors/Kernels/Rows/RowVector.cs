using System.Runtime.InteropServices;

namespace SkPeft.Tensors.Kernels;

/// <summary>A vector that rows meet: of an adapter (memory of the garbage collector) or of the base (native memory); or none.</summary>
internal readonly unsafe struct RowVector
{
    private readonly Tensor? _tensor;
    private readonly float* _native;

    private RowVector(Tensor? tensor, float* native)
    {
        _tensor = tensor;
        _native = native;
    }

    /// <summary>No vector.</summary>
    public bool IsNone => _tensor is null && _native == null;

    /// <summary>An adapter's vector, or none.</summary>
    public static RowVector Of(Tensor? tensor) => new(tensor, null);

    /// <summary>A vector that outlives the pass, or none.</summary>
    public static RowVector Of(float* native) => new(null, native);

    /// <summary>The first value, for <c>fixed</c>.</summary>
    public ref float GetPinnableReference() => ref _tensor is null ? ref *_native : ref MemoryMarshal.GetReference(_tensor.Data);
}
