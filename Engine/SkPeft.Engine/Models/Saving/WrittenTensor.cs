using SkPeft.Tensors.Formats;

namespace SkPeft.Engine.Models.Saving;

/// <summary>A tensor that was written.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Type">Its type.</param>
/// <param name="Shape">Its sizes, row-major.</param>
/// <param name="Bytes">Its size in the file.</param>
/// <param name="FellBack">True where its rows are no whole number of blocks of the type asked for, so that it got another one.</param>
public sealed record WrittenTensor(string Name, TensorType Type, IReadOnlyList<long> Shape, long Bytes, bool FellBack);
