namespace SkPeft.Tensors.Kernels;

/// <summary>
/// How a panel of 16 rows of weights is stored, and how it meets activations. A panel is a run of blocks along the inputs; a
/// block is a few steps (weights of 16 rows for a few inputs) followed by the block's scales. Activations come in tiles of
/// some columns (rows of x), cut into the same blocks and steps: for every step <see cref="StepWords"/> rows of 32-bit words,
/// one word a column, then <see cref="ScaleWords"/> rows of floats for the block.
/// </summary>
/// <typeparam name="TLanes">The vectors.</typeparam>
/// <typeparam name="TStep">Weights of a step in registers.</typeparam>
/// <typeparam name="TSum">Running sum of one column within a block.</typeparam>
/// <typeparam name="TScale">Scales of a block in registers.</typeparam>
internal unsafe interface IPanelFormat<TLanes, TStep, TSum, TScale>
    where TLanes : unmanaged, ILanes<TLanes>
    where TStep : unmanaged
    where TSum : unmanaged
    where TScale : unmanaged
{
    /// <summary>Inputs in a block.</summary>
    static abstract int BlockInputs { get; }

    /// <summary>Steps in a block.</summary>
    static abstract int Steps { get; }

    /// <summary>Bytes of weights in a step.</summary>
    static abstract int StepBytes { get; }

    /// <summary>Bytes of scales in a block.</summary>
    static abstract int ScaleBytes { get; }

    /// <summary>Words of activations a column and step.</summary>
    static abstract int StepWords { get; }

    /// <summary>Floats of activation scales a column and block.</summary>
    static abstract int ScaleWords { get; }

    static abstract TStep LoadStep(byte* weights);

    static abstract TScale LoadScale(byte* scales);

    /// <summary>The sum with which a block begins.</summary>
    static abstract TSum Begin(TLanes total);

    /// <summary>Adds a step; <paramref name="x"/> points to the column's first word, its next is <paramref name="columns"/> further.</summary>
    static abstract TSum Add(TSum sum, TStep weights, int* x, int columns);

    /// <summary>Ends a block: the new total. <paramref name="x"/> points to the column's scales, as in <see cref="Add"/>.</summary>
    static abstract TLanes End(TLanes total, TSum sum, TScale scale, float* x, int columns);

    /// <summary>Writes one column's activations of one block.</summary>
    /// <param name="x"><see cref="BlockInputs"/> values.</param>
    /// <param name="narrow">See <see cref="Quantisation.ToShorts"/>; formats of fp32 activations round nothing.</param>
    /// <param name="to">The column's first word of the block.</param>
    /// <param name="columns">Columns in the tile.</param>
    static abstract void PackInputs(float* x, float narrow, int* to, int columns);

    /// <summary>Writes the exact values of a block, <see cref="BlockInputs"/> times 16 rows, an input every <paramref name="stride"/> floats.</summary>
    static abstract void Decode(byte* block, float* to, int stride);
}
