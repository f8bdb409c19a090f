using Tdv.Samples.Demo;
var clock = System.Diagnostics.Stopwatch.StartNew();
new DemoData(new DemoOptions(), args[0]).Write();
System.Console.WriteLine(clock.Elapsed);
