namespace SkPeft.Tensors.Kernels;

/// <summary>The kernels of every format, by instruction set.</summary>
internal static class PanelKernels
{
    private static readonly PanelKernel[][] s_all =
    [
        .. Enum.GetValues<InstructionSet>().Select(set => Enum.GetValues<PanelKind>().Select(kind => Create(set, kind)).ToArray()),
    ];

    public static PanelKernel Get(InstructionSet set, PanelKind kind) => s_all[(int)set][(int)kind];

    // A tile wider than this spills its sums: 32 registers of 64 bytes, 16 of 32 bytes, 16 of 16 bytes.
    private static PanelKernel Create(InstructionSet set, PanelKind kind) => set switch
    {
        InstructionSet.Avx512Vnni => GeneratedTiles.AreAvailable && PanelKinds.IsQuantised(kind)
            ? new GeneratedPanelKernel(Create(InstructionSet.Avx512, kind), GeneratedTiles.Of(kind)) { MaxColumns = 8 }
            : Create(InstructionSet.Avx512, kind),
        InstructionSet.Avx512 => Create<Lanes512, Words512>(kind, maxColumns: 8),
        InstructionSet.Avx2 => Create<Lanes256, Words256>(kind, maxColumns: 4),
        _ => Create<Lanes128, Words128>(kind, maxColumns: 2),
    };

    private static PanelKernel Create<TLanes, TWords>(PanelKind kind, int maxColumns)
        where TLanes : unmanaged, ILanes<TLanes>
        where TWords : unmanaged, IWords<TWords, TLanes> => kind switch
    {
        PanelKind.Single => Floats<SingleElement, TLanes>(maxColumns),
        PanelKind.Half => Floats<HalfElement, TLanes>(maxColumns),
        PanelKind.BFloat16 => Floats<BFloat16Element, TLanes>(maxColumns),
        PanelKind.CentredNibble => Nibbles<CentredHalfScales, TLanes, TWords>(maxColumns),
        PanelKind.HalfNibble => Nibbles<HalfScales, TLanes, TWords>(maxColumns),
        PanelKind.SingleNibble => Nibbles<SingleScales, TLanes, TWords>(maxColumns),
        PanelKind.HalfByte => Bytes<ThirtyTwo, PlainHalfScales, TLanes, TWords>(maxColumns),
        PanelKind.PlainGroup => Bytes<Sixteen, PlainSingleScales, TLanes, TWords>(maxColumns),
        _ => Bytes<Sixteen, SingleScales, TLanes, TWords>(maxColumns),
    };

#pragma warning disable CA1859 // The concrete types are longer than the code that needs none of them.
    private static PanelKernel Floats<TElement, TLanes>(int maxColumns)
        where TElement : unmanaged, IPanelElement
        where TLanes : unmanaged, ILanes<TLanes> =>
        new PanelKernelOf<FloatFormat<TElement, TLanes>, TLanes, TLanes, TLanes, FloatFormat<TElement, TLanes>.None> { MaxColumns = maxColumns };

    private static PanelKernel Nibbles<TScales, TLanes, TWords>(int maxColumns)
        where TScales : unmanaged, IBlockScales
        where TLanes : unmanaged, ILanes<TLanes>
        where TWords : unmanaged, IWords<TWords, TLanes> =>
        new PanelKernelOf<NibbleFormat<TScales, TLanes, TWords>, TLanes, NibbleFormat<TScales, TLanes, TWords>.Step, TWords,
            BlockScale<TLanes>> { MaxColumns = maxColumns };

    private static PanelKernel Bytes<TBlock, TScales, TLanes, TWords>(int maxColumns)
        where TBlock : unmanaged, IBlockLength
        where TScales : unmanaged, IBlockScales
        where TLanes : unmanaged, ILanes<TLanes>
        where TWords : unmanaged, IWords<TWords, TLanes> =>
        new PanelKernelOf<ByteFormat<TBlock, TScales, TLanes, TWords>, TLanes, TWords, TWords, BlockScale<TLanes>> { MaxColumns = maxColumns };
}
