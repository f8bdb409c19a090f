namespace Tdv.MLNet.Benchmarks;

/// <summary>Measures one or more ratios; each is printed as soon as it is there.</summary>
internal interface IRatioBenchmark
{
    IEnumerable<RatioRow> Run();
}
